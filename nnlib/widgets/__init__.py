"""Pictures that a reader can change, quizzes, and checks for exercises.

`explore` puts sliders on any matplotlib figure; `quiz` asks a question; `check` looks at an exercise's answer. The
other names are widgets of their own. With a kernel they are ipywidgets; while the book is built (NNLIB_STATIC=1) they
write HTML that works without a kernel and without a network.
"""

from .check import check
from .explore import explore
from .quiz import quiz

__all__ = ["check", "explore", "quiz"]
