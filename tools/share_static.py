"""Style sheets, scripts and fonts that are the same in both editions are loaded from the English one's folder.

    python tools/share_static.py _build/html       the Chinese edition stands in its folder zh

So who changes the language loads little more than the text. What differs (the font of the characters in use, the
index of the search) and what the scripts load by themselves stays in zh/_static.
"""

import re
import sys
from pathlib import Path

LOADED_BY_SCRIPTS = ("search/", "present.js")
REFERENCE = re.compile(r'((?:src|href|data-nnlib-state)=")((?:\.\./)*)_static/([^"?#]+)')


def share(site):
    """Lead the Chinese pages to the shared files; the copies that nothing needs any more are deleted."""
    own, theirs = site / "zh/_static", site / "_static"
    shared = {path.relative_to(own).as_posix() for path in own.rglob("*") if path.is_file()
              and (theirs / path.relative_to(own)).is_file()
              and path.read_bytes() == (theirs / path.relative_to(own)).read_bytes()}
    for page in (site / "zh").rglob("*.html"):
        if "_static" not in page.parts:
            text = page.read_text("utf8")
            page.write_text(REFERENCE.sub(lambda found: lead(found, shared), text), "utf8")
    for name in shared:
        if not name.startswith(LOADED_BY_SCRIPTS):
            (own / name).unlink()
    for folder in sorted((path for path in own.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def lead(found, shared):
    start, up, name = found.groups()
    return f"{start}{'../' if name in shared else ''}{up}_static/{name}"


if __name__ == "__main__":
    share(Path(sys.argv[1]))
