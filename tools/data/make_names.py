"""Make nnbook/data/files/names.txt: given names in English-speaking countries, for the language model of chapter 9.

    pip download --no-deps faker==40.63.0 && python tools/data/make_names.py faker-40.63.0-py3-none-any.whl

Rules: names of three to ten letters a to z; each once, in small letters; none with a word of decency.VULGAR in it;
the order is shuffled with a fixed seed.
"""

import ast
import re

import numpy as np
import source
from decency import VULGAR, word_pattern

NAME = "faker/providers/person/en/__init__.py"
SHA256 = "debd8bf8556db21959477736c66f7520d8510090f693ee004015d89e57d31c0e"

code = source.verify(source.read(source.package_argument(), NAME), SHA256, NAME).decode("utf-8")
lists = [ast.literal_eval(node.value) for node in ast.walk(ast.parse(code))
         if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in
         ("first_names_female", "first_names_male")]
unfit = word_pattern(VULGAR)
names = sorted({name.lower() for some in lists for name in some if re.fullmatch("[A-Za-z]{3,10}", name)})
names = [name for name in names if not unfit.search(name)]
order = np.random.default_rng(0).permutation(len(names))
source.write("names.txt", "".join(names[i] + "\n" for i in order).encode("utf-8"))
print(len(names), "names")
