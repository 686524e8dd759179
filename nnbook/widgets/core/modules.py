"""Front-end modules: plain ES modules in the folders of nnbook, joined here because a page on a USB stick cannot fetch.

A module may use others with lines of exactly this form, at the top:

    import { format, clamp } from "../core/numbers.js";

The path leads to the file, for editors and for readers; here the name of a module is enough: no two have the same.

Its own public names are declared with `export function`, `export const` or `export class` at the start of a line; a
widget ends in `export default { render };` (the anywidget form). No other use of `import` and `export`. Words that
readers see stand in `_("…")` (language.js), in double quotes; here they become those of the language in use.

`esm(name)` joins a widget and all it needs to one ES module string (what anywidget takes). `scripts(name)` gives the
same as classic scripts, one for each module, that register themselves in `window.nnlibWidgets`: a page needs each once.
"""

import functools
import hashlib
import json
import re
from pathlib import Path

from nnbook import language

NNBOOK = Path(__file__).parents[2]
IMPORT = re.compile(r'^import \{([^}]*)\} from "(?:\.\.?/)+(?:\w+/)*(\w+)\.js";\n', re.M)
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
WORD = re.compile(rf"(?<![\w$.])_\(\s*({LITERAL}(?:\s*\+\s*{LITERAL})*)\s*([,)])")
CALL = re.compile(r"(?<![\w$.])_\(")
LANGUAGE = re.compile(r'^import \{ _ \} from ".*language\.js";\n', re.M)
# a comment behind code; one with quotes stays: they may belong to a string
ASIDE = re.compile(r"""(?<=[;,(){}\[\]]) // [^"'`]*$""")
EXPORT = re.compile(r"^export (?:async )?(?:function\*?|const|class) (\w+)", re.M)


def files():
    """{name: path} of all front-end modules."""
    return {path.stem: path for path in NNBOOK.rglob("*.js")}


@functools.cache
def known(folder):
    """The same, remembered: looking through all folders takes longer than all else that joins the modules."""
    return files()


def source(name):
    """Text of NAME.js without comments and indentation: a third fewer bytes."""
    if name not in known(NNBOOK):
        known.cache_clear()  # a new module
    path = known(NNBOOK)[name]
    return stripped(path, path.stat().st_mtime_ns)  # an edited file shows at once, without a new kernel


@functools.cache
def stripped(path, _changed):
    lines, in_template = [], False
    for line in path.read_text("utf8").splitlines():
        if not in_template:
            line = ASIDE.sub("", line.strip())
            if not line or line.startswith("//"):
                continue
        lines.append(line)
        in_template ^= line.count("`") % 2 == 1  # a text over several lines, such as Python code, keeps its indentation
    return "\n".join(lines) + "\n"


def words(text):
    """The words of a module's text, in English: all `_("…")`, with values or without."""
    return [english(match) for match in WORD.finditer(text)]


def english(match):
    return "".join(map(json.loads, re.findall(LITERAL, match[1])))


def translated(text):
    """A module's text with its words in the language in use: then no page needs a catalogue."""

    def word(match):
        shown = json.dumps(language.words.get(english(match), english(match)), ensure_ascii=False)
        return shown if match[2] == ")" else f"_({shown},"

    text = WORD.sub(word, text)
    return text if CALL.search(text) else LANGUAGE.sub("", text)


def needed(name):
    """The module's name and the names of all it imports, in an order in which they can be run."""
    order = []
    for _, other in IMPORT.findall(source(name)):
        order += [n for n in needed(other) if n not in order]
    return [*order, name]


def body(name):
    """The module as a function body: imports become constants, exports a returned object."""
    text = IMPORT.sub(r"const {\1} = modules.\2;\n", translated(source(name)))
    names = EXPORT.findall(text)
    text, widgets = re.subn(r"^export default ", "const widget = ", text, flags=re.M)
    text = EXPORT.sub(lambda match: match[0].removeprefix("export "), text)
    if widgets:
        names.append("default: widget")
    if re.search(r"^(import|export)\b|</script|<!--", text, re.M):
        raise ValueError(f"{name}.js: an import or export that {Path(__file__).name} does not know, or a script tag")
    return f"{text}return {{ {', '.join(names)} }};\n"


def esm(name):
    """One ES module with everything in it."""
    parts = [f"modules.{n} = (() => {{\n{body(n)}}})();\n" for n in needed(name)]
    return "const modules = {};\n" + "".join(parts) + f"export default modules.{name}.default;\n"


def live_esm(name):
    """The same for a notebook: what the widget drew goes with its view, of which JupyterLab keeps the element."""
    return esm(name).replace(f"export default modules.{name}.default;", f"""\
const widget = modules.{name}.default;
export default {{ ...widget, async render(given) {{
  await widget.render(given);
  return () => given.el.replaceChildren();
}} }};""")


def scripts(name):
    """[(key, classic script)] for the module and all it needs; equal keys are equal scripts."""
    parts = []
    for n in needed(name):
        text = f"(modules => {{\nmodules.{n} = (() => {{\n{body(n)}}})();\n}})(window.nnlibWidgets ??= {{}});\n"
        parts.append((f"{n}-{digest(text)}", text))
    return parts


def css():
    """The style sheet, with the palette as custom properties: var(--nn-loss)."""
    text = Path(__file__).with_name("widgets.css").read_text("utf8")
    palette = "".join(f"--nn-{name}:{value};" for name, value in re.findall(r'"(\w+)": "(#\w+)"', source("palette")))
    text = re.sub(r"/\*.*?\*/\s*|^\s+", "", text, flags=re.M | re.S)
    return f":root {{ {palette}}}\n" + re.sub(r";\s*(?=})|([{},:;]) +| +(?=[{}])", r"\1", text)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:10]


ONCE = re.compile(r'<(script|style) data-nnlib-once="([^"]+)">.*?</\1>\n?', re.S)


def drop_repeats(page):
    """The HTML page with every shared script and style sheet left only where it stands first.

    Each cell's output carries all it needs, so that it works alone; the book's build calls this to save the bytes.
    """
    seen = set()

    def keep(match):
        first = match[2] not in seen
        seen.add(match[2])
        return match[0] if first else ""

    return ONCE.sub(keep, page)
