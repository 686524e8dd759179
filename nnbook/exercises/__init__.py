"""What authors call in every chapter: pictures with sliders, questions, checks of a reader's code."""

from nnbook.exercises import folds
from nnbook.exercises.check import check
from nnbook.exercises.explore import explore
from nnbook.exercises.quiz import quiz

__all__ = ["check", "explore", "quiz"]

folds.watch()
