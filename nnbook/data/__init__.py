# ruff: noqa: F401
"""The book's data sets, each with a loader, and what turns them into arrays. Nothing is ever downloaded.

Sources, licences and credits: README.md in this folder, and each loader's docstring.
"""

from nnbook.data.applications import load_go_scores, load_speech_scores, trained_go
from nnbook.data.digit_networks import load_ablation, load_pixel_order, load_training_record, trained
from nnbook.data.images import load_digits, load_mnist, load_photo, shift_images
from nnbook.data.karate import Graph, load_karate
from nnbook.data.sentences import Sentences, Texts, load_mandarin, load_segmentation, load_sentiment, load_spam
from nnbook.data.text import (
    BOS,
    EOS,
    PAD,
    TAGS,
    UNK,
    Vocabulary,
    best_tags,
    bmes_tags,
    split_words,
    tokenize,
    word_f1,
)
from nnbook.data.translation import chinese_number, date_pairs, number_pairs, sentence_pairs
from nnbook.data.views import Views, load_views, split_by_date, views_split, windows
from nnbook.data.vowels import Vowels, load_vowels
