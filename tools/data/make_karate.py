"""Print the ties and the clubs of Zachary's karate club as they stand in nnbook/data/karate.py.

    pip download --no-deps networkx==3.6.1 && python tools/data/make_karate.py networkx-3.6.1-py3-none-any.whl
"""

import ast
import re
import textwrap

import source

content = source.verify(source.read(source.package_argument(), "networkx/generators/social.py"),
                        "6ebcc049ca40c5619113113d27b16e889dbd419c419bc6d7a518027342281cfd", "social.py").decode()
function = content[content.index("def karate_club_graph"):]
rows = re.search(r'zacharydat = """\\?\n(.*?)"""', function, re.S)[1].split("\n")
table = [row.split() for row in rows]
officer = sorted(set(range(34)) - ast.literal_eval(re.search(r"club1 = (\{.*?\})", function, re.S)[1]))
# a tie counts if it stands on either side of the diagonal: the printed table has one (22-33) on one side only
ties = [f"{i}-{j}" for i in range(34) for j in range(i + 1, 34) if table[i][j] != "0" or table[j][i] != "0"]
print(textwrap.fill(" ".join(ties), 105))
print(len(ties), "ties; with the officer:", officer)
