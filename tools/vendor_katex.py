"""Copy KaTeX into the book from its unpacked npm package (npm pack katex@0.16): script, style, WOFF2 fonts, licence.

    python tools/vendor_katex.py PACKAGE

The style loses the older font formats, which no browser of today asks for, and shows formulas at once in a stand-in
font instead of hiding them until the fonts are there.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "_static/katex"


def main(package):
    dist = package / "dist"
    style = (dist / "katex.min.css").read_text("utf8")
    style = re.sub(r',url\(fonts/[^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)', "", style)
    style = style.replace("font-display:block", "font-display:swap")
    shutil.rmtree(TARGET, ignore_errors=True)
    (TARGET / "fonts").mkdir(parents=True)
    (TARGET / "katex.css").write_text(style, "utf8")
    shutil.copy(package / "LICENSE", TARGET)
    shutil.copy(dist / "katex.min.js", ROOT / "_ext")
    for font in dist.glob("fonts/*.woff2"):
        shutil.copy(font, TARGET / "fonts")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
