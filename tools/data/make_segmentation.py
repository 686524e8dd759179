"""Make nnbook/data/files/segmentation.txt: 4,000 spoken Cantonese sentences, words separated by spaces.

    pip download --no-deps pycantonese==5.0.0 && python tools/data/make_segmentation.py pycantonese-5.0.0-*.whl

Rules: only utterances without Latin letters, digits or pauses inside; the mark at the end is dropped; at least four
characters; each sentence once; no sentence with a string of UNFIT (death, insults, mild curses, politics); 4,000
drawn and shuffled with a fixed seed.
"""

import hashlib
import re

import numpy as np
import source

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
UNFIT = re.compile("[死殺鬼傻黐蠢賤裸淫屎尿毒血謀炸]|玩雞|抵你|正衰|衰人|戇居|隻豬|師奶|爆粗|接客|"
                   "政府|主席|殖民|回歸|大陸|內地|台灣|臺灣|解放|示威|毓民")

package = source.package_argument()
names = [name for name in source.names(package) if re.fullmatch(r"pycantonese/data/hkcancor/[^/]*\.cha", name)]
files = [source.read(package, name) for name in names]
source.verify("".join(hashlib.sha256(content).hexdigest() for content in files).encode(),
              "1b23c7ac08b603b52ce95cfc466272c83ba11d4fb2ea3499fb2814c19aa0b3c6",
              "the corpus (hash of the hashes of its files)")

sentences = {}
for content in files:
    lines = content.decode("utf-8").replace("\n\t", " ").splitlines()  # a tab continues the line before
    for line in lines:
        if line.startswith("*"):
            words = line.split("\t", 1)[1].split()
            while words and words[-1] in ".,?!-":
                words.pop()
            text = "".join(words)
            if len(text) >= 4 and all(map(HAN.fullmatch, words)) and not UNFIT.search(text):
                sentences.setdefault(text, " ".join(words) + "\n")

chosen = np.random.default_rng(0).permutation(len(sentences))[:4000]
sentences = list(sentences.values())
source.write("segmentation.txt", "".join(sentences[i] for i in chosen).encode("utf-8"))
print(len(chosen), "of", len(sentences), "sentences")
