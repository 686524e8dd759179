"""The colours of figures and widgets, by what they mean: Okabe and Ito's palette, told apart with any colour vision."""

import json
from pathlib import Path

_TEXT = Path(__file__).with_suffix(".js").read_text("utf8")  # one file, which the widgets' JavaScript imports
COLORS = json.loads(_TEXT[_TEXT.index("{"):_TEXT.rindex("}") + 1])
