"""How the vowels of speech were measured."""

from typing import NamedTuple

import numpy as np

# word, then for men, women, children: pitch, and the first three formants, all in hertz
MEASURED = """
heed   136 270 2290 3010   235 310 2790 3310   272  370 3200 3730
hid    135 390 1990 2550   232 430 2480 3070   269  530 2730 3600
head   130 530 1840 2480   223 610 2330 2990   260  690 2610 3570
had    127 660 1720 2410   210 860 2050 2850   251 1010 2320 3320
hod    124 730 1090 2440   212 850 1220 2810   256 1030 1370 3170
hawed  129 570  840 2410   216 590  920 2710   263  680 1060 3180
hood   137 440 1020 2240   232 470 1160 2680   276  560 1410 3310
who'd  141 300  870 2240   231 370  950 2670   274  430 1170 3260
hud    130 640 1190 2390   221 760 1400 2780   261  850 1590 3360
heard  133 490 1350 1690   218 500 1640 1960   261  560 1820 2160
"""


class Vowels(NamedTuple):
    """`words` (10) that hold the vowels, `kinds` (3) of speakers; in hertz: `pitch` (10, 3), `formants` (10, 3, 3)."""

    words: list
    kinds: list
    pitch: np.ndarray
    formants: np.ndarray


def load_vowels():
    """Mean pitch and formants of ten American English vowels, spoken by men, women and children.  [B14]

    `formants[v, k]` are the three lowest resonances of the vocal tract for vowel v and speakers of kind k. Means over
    33 men, 28 women and 15 children.

    Source: G. E. Peterson and H. L. Barney, "Control Methods Used in a Study of the Vowels", Journal of the Acoustical
    Society of America 24 (1952), table II. Measured facts, which nobody owns.
    """
    rows = [line.split() for line in MEASURED.strip().splitlines()]
    numbers = np.array([row[1:] for row in rows], dtype=float).reshape(10, 3, 4)
    return Vowels([row[0] for row in rows], ["men", "women", "children"], numbers[:, :, 0], numbers[:, :, 1:])
