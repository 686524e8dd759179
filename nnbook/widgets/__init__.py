"""Pictures that a reader can change, one folder each; what they share is in core.

With a kernel they are ipywidgets; while the book is built (NNLIB_STATIC=1) they write HTML that works without a kernel
and without a network.
"""

from nnbook.widgets.activation_gallery.activation_gallery import activation_gallery
from nnbook.widgets.backprop_stepper.backprop_stepper import backprop_stepper
from nnbook.widgets.batch_paths.batch_paths import batch_paths
from nnbook.widgets.channel_stepper.channel_stepper import channel_stepper
from nnbook.widgets.convolution_stepper.convolution_stepper import convolution_stepper
from nnbook.widgets.draw_digit.draw_digit import draw_digit
from nnbook.widgets.every_direction.every_direction import every_direction
from nnbook.widgets.fit_a_line.fit_a_line import fit_a_line
from nnbook.widgets.gate_stepper.gate_stepper import gate_stepper
from nnbook.widgets.go_board.go_board import go_board
from nnbook.widgets.gradient_descent.gradient_descent import gradient_descent
from nnbook.widgets.kernel_workshop.kernel_workshop import kernel_workshop
from nnbook.widgets.lamp_memory.lamp_memory import lamp_memory
from nnbook.widgets.learning_rate.learning_rate import learning_rate
from nnbook.widgets.line_by_hand.line_by_hand import line_by_hand
from nnbook.widgets.loss_parabola.loss_parabola import loss_parabola
from nnbook.widgets.memory_map.memory_map import memory_map
from nnbook.widgets.message_stepper.message_stepper import message_stepper
from nnbook.widgets.name_writer.name_writer import name_writer
from nnbook.widgets.nearest_neighbours.nearest_neighbours import nearest_neighbours
from nnbook.widgets.network_builder.network_builder import network_builder
from nnbook.widgets.outlier.outlier import outlier
from nnbook.widgets.pieces.pieces import pieces
from nnbook.widgets.playground.playground import playground
from nnbook.widgets.poem_writer.poem_writer import poem_writer
from nnbook.widgets.receptive_field.receptive_field import receptive_field
from nnbook.widgets.rnn_stepper.rnn_stepper import rnn_stepper
from nnbook.widgets.segmenter.segmenter import segmenter
from nnbook.widgets.sentiment_reader.sentiment_reader import sentiment_reader
from nnbook.widgets.shift_test.shift_test import shift_test
from nnbook.widgets.spam_reader.spam_reader import spam_reader
from nnbook.widgets.split_by_line.split_by_line import split_by_line
from nnbook.widgets.surface_view.surface_view import surface_view
from nnbook.widgets.translator.translator import translator
from nnbook.widgets.widest_street.widest_street import widest_street

__all__ = [
    "activation_gallery",
    "backprop_stepper",
    "batch_paths",
    "channel_stepper",
    "convolution_stepper",
    "draw_digit",
    "every_direction",
    "fit_a_line",
    "gate_stepper",
    "go_board",
    "gradient_descent",
    "kernel_workshop",
    "lamp_memory",
    "learning_rate",
    "line_by_hand",
    "loss_parabola",
    "memory_map",
    "message_stepper",
    "name_writer",
    "nearest_neighbours",
    "network_builder",
    "outlier",
    "pieces",
    "playground",
    "poem_writer",
    "receptive_field",
    "rnn_stepper",
    "segmenter",
    "sentiment_reader",
    "shift_test",
    "spam_reader",
    "split_by_line",
    "surface_view",
    "translator",
    "widest_street",
]
