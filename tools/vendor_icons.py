"""Write _ext/icons.json: the icons of Font Awesome that the theme's pages use, as SVG paths.

    .venv/bin/python tools/vendor_icons.py        after a new version of the theme, or when the build asks for an icon

The theme ships all of them in a script of 1.4 MB that draws them in the reader's browser; the book draws these few
while it is built. Icons: Font Awesome Free, CC BY 4.0.
"""

import json
import re
from importlib.resources import files
from pathlib import Path

NAMES = ["angle-left", "angle-right", "arrow-up", "bars", "circle-half-stroke", "download", "expand", "file",
         "file-pdf", "github", "lightbulb", "list", "magnifying-glass", "moon", "rocket", "sun", "xmark"]
ICON = re.compile(r'(?:"([a-z0-9-]+)"|([A-Za-z_$][\w$]*)):\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","([^"]*)"\]')


def main():
    theme = files("pydata_sphinx_theme") / "theme/pydata_sphinx_theme/static"
    (script,) = theme.rglob("fontawesome.js")
    known = {a or b: [int(width), int(height), path]  # solid ones stand last, so they win
             for a, b, width, height, path in ICON.findall(script.read_text("utf8"))}
    target = Path(__file__).parents[1] / "_ext/icons.json"
    target.write_text(json.dumps({name: known[name] for name in NAMES}, indent=1) + "\n", "utf8")


if __name__ == "__main__":
    main()
