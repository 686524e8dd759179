"""Pictures that a reader can change, quizzes, and checks for exercises.

`explore` puts sliders on any matplotlib figure; `quiz` asks a question; `check` looks at an exercise's answer. The
other names are widgets of their own. With a kernel they are ipywidgets; while the book is built (NNLIB_STATIC=1) they
write HTML that works without a kernel and without a network.
"""

from .activation_gallery import activation_gallery
from .backprop_stepper import backprop_stepper
from .batch_paths import batch_paths
from .check import check
from .convolution_stepper import convolution_stepper
from .draw_digit import draw_digit
from .explore import explore
from .fit_a_line import fit_a_line
from .go_board import go_board
from .gradient_descent import gradient_descent
from .kernel_workshop import kernel_workshop
from .learning_rate import learning_rate
from .line_by_hand import line_by_hand
from .loss_parabola import loss_parabola
from .memory_map import memory_map
from .message_stepper import message_stepper
from .nearest_neighbours import nearest_neighbours
from .network_builder import network_builder
from .outlier import outlier
from .pieces import pieces
from .playground import playground
from .quiz import quiz
from .rnn_stepper import rnn_stepper
from .segmenter import segmenter
from .sentiment_reader import sentiment_reader
from .shift_test import shift_test
from .split_by_line import split_by_line
from .surface_view import surface_view
from .translator import translator
from .widest_street import widest_street

__all__ = [
    "activation_gallery",
    "backprop_stepper",
    "batch_paths",
    "check",
    "convolution_stepper",
    "draw_digit",
    "explore",
    "fit_a_line",
    "go_board",
    "gradient_descent",
    "kernel_workshop",
    "learning_rate",
    "line_by_hand",
    "loss_parabola",
    "memory_map",
    "message_stepper",
    "nearest_neighbours",
    "network_builder",
    "outlier",
    "pieces",
    "playground",
    "quiz",
    "rnn_stepper",
    "segmenter",
    "sentiment_reader",
    "shift_test",
    "split_by_line",
    "surface_view",
    "translator",
    "widest_street",
]
