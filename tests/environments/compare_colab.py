"""Compare colab.txt with the list that Colab publishes: python tests/environments/compare_colab.py [FILE of its list]

Prints what differs and ends with 1 if something does. The workflow colab.yml runs it every week and opens an issue.
"""

import re
import sys
import urllib.request
from pathlib import Path

OURS = Path(__file__).with_name("colab.txt")
THEIRS = "https://raw.githubusercontent.com/googlecolab/backend-info/main/pip-freeze.txt"


def versions(text):
    return {name.lower(): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M)}


def differences(ours, theirs):
    """["numpy: here 2.0.2, in Colab 2.1.3", …]; what Colab does not list was installed by the first cell."""
    here, there = versions(ours), versions(theirs)
    return [f"{name}: here {version}, in Colab {there[name]}" for name, version in here.items()
            if name in there and there[name] != version]


if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text("utf8") if sys.argv[1:] else urllib.request.urlopen(THEIRS).read().decode()
    found = differences(OURS.read_text("utf8"), text)
    print("\n".join(found) or "as in Colab")
    sys.exit(bool(found))
