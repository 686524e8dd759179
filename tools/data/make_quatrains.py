"""Make nnbook/data/files/quatrains.txt: stanzas of Tang poems, for the second language model of chapter 9.

    npm pack chinese-poetry@2.0.1 && pip install opencc-python-reimplemented==0.1.7
    python tools/data/make_quatrains.py chinese-poetry-2.0.1.tgz   # or the unpacked folder, which is quicker

Rules: poems of the Complete Tang Poems (全唐诗) whose lines all have five characters, without gaps or doubtful
places, in simplified characters (OpenCC, t2s); cut into stanzas of four lines; those stay that have at most two
characters beyond the 796 most frequent ones, and no line that an earlier one had; shuffled with a fixed seed.
"""

import hashlib
import json
import re
from collections import Counter

import numpy as np
import source
from opencc import OpenCC

VARIANTS = str.maketrans("疎猨鴈劒慙遶徧簷谿櫂", "疏猿雁剑惭绕遍檐溪棹")  # what OpenCC leaves as it is
SHA256 = "34711d7964881f712727f25e256aaf36c3be5e299442cf631b9e64d3dc692d05"
package = source.package_argument()
files = [name for name in source.names(package) if re.search(r"quantangshi/poet\.tang\.\d+\.json$", name)]
contents = [source.read(package, name) for name in files]
source.verify(b"".join(hashlib.sha256(content).digest() for content in contents), SHA256, "the poems")
simplified, poems = OpenCC("t2s").convert, []
for poem in (poem for content in contents for poem in json.loads(content)):
    lines = [line for line in re.split("[，。？！；、,]", "".join(poem["paragraphs"])) if line]
    if len(lines) % 2 == 0 and all(re.fullmatch(r"[\u4e00-\u9fff]{5}", line) for line in lines):
        poems.append([simplified(line).translate(VARIANTS) for line in lines])
frequent = {c for c, _ in Counter("".join(line for lines in poems for line in lines)).most_common(796)}
seen, stanzas = set(), []
for lines in poems:
    for start in range(0, len(lines) - 3, 4):
        stanza = lines[start : start + 4]
        if sum(c not in frequent for c in "".join(stanza)) <= 2 and not seen & set(stanza):
            stanzas.append("".join(stanza))
            seen.update(stanza)
order = np.random.default_rng(0).permutation(len(stanzas))
source.write("quatrains.txt", "".join(stanzas[i] + "\n" for i in order).encode("utf-8"))
print(len(stanzas), "stanzas")
