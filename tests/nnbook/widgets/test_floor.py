"""Browsers from Chrome 86, Firefox 90 and Safari 15.4 on run every widget: nothing newer stands in scripts and styles.

A short list of what is newer than one of the three (after MDN's browser-compat-data), in place of all of it: names that
one is tempted to use. Who needs one of them writes it with a fallback and adds it to ALLOWED with the reason.
"""

import re

import pytest

from nnbook.widgets.core import host, modules

NEWER = {  # pattern: since when (Chrome / Firefox / Safari)
    r"\.(toReversed|toSorted|toSpliced|with)\(": "110 / 115 / 16",
    r"\.(findLast|findLastIndex)\(": "97 / 104 / 15.4",
    r"\.at\(-?\d+\)": "92 / 90 / 15.4",
    r"Object\.(hasOwn|groupBy)\(": "93 / 92 / 15.4",
    r"\b(structuredClone|reportError|scheduler)\b": "98 / 94 / 15.4",
    r"\bOffscreenCanvas\b": "69 / 105 / 16.4",
    r"\bDecompressionStream\b": "80 / 113 / 16.4",
    r"\bPromise\.withResolvers\b|\bArray\.fromAsync\b": "119 / 121 / 17.4",
    r"\.(union|intersection|difference|isSubsetOf)\(": "122 / 127 / 17",
    r"\.checkVisibility\(|\.showPopover\(|\bpopover\b": "105 / 106 / 17.4",
    r"\brequestIdleCallback\b": "47 / 55 / not at all",
    r"\(\?<[=!]": "62 / 78 / 16.4: look-behind, with which a script does not even parse",
    r"^\s*(static )?#\w+[ ;=(]|\bthis\.#\w+": "74 / 90 / 14.1, as methods 84 / 90 / 15",
    r"^\s*static \{": "94 / 93 / 16.4",
    r"\berror\.cause\b|\{ cause\b": "93 / 91 / 15",
}
NEWER_STYLE = {
    r"\bcolor-mix\(": "111 / 113 / 16.2", r":is\(|:where\(": "88 / 78 / 14", r":has\(": "105 / 121 / 15.4",
    r"\binset\s*:": "87 / 66 / 14.1", r"@container|\bcqw\b": "105 / 110 / 16", r"@layer": "99 / 97 / 15.4",
    r"\b\d+(dvh|svh|lvh)\b": "108 / 101 / 15.4", r"&\s*[.:>]": "120 / 117 / 17.2",
    r"\blight-dark\(": "123 / 120 / 17.5",
    r"\btext-wrap\s*:": "114 / 121 / 17.4",
}
ALLOWED = {("frames", r"\bDecompressionStream\b"): "inflate.js where it is missing",
           ("host", r"\brequestIdleCallback\b"): "a timer where it is missing"}
SOURCES = {name: path.read_text("utf8") for name, path in modules.files().items()}


@pytest.mark.parametrize("name", SOURCES)
def test_scripts(name):
    code = re.sub(r"^\s*//.*$", "", SOURCES[name], flags=re.M)
    found = [f"{match[0].strip()} ({since})" for pattern, since in NEWER.items() if (name, pattern) not in ALLOWED
             for match in re.finditer(pattern, code, re.M)]
    assert found == []
    styles = "\n".join(re.findall(r"`[^`]*`", code))  # of a widget of its own
    assert newer_styles(styles.replace("=&", "")) == []


def newer_styles(text):
    return [f"{match[0]} ({since})" for pattern, since in NEWER_STYLE.items() for match in re.finditer(pattern, text)]


def test_styles():
    assert newer_styles(modules.css()) == []


def test_the_list_notices():
    """Each pattern finds what it is for."""
    new = ["a.toSorted(b)", "a.findLast(f)", "a.at(-1)", "Object.hasOwn(a, b)", "structuredClone(a)", "/(?<=a)b/",
           "  #state;",
           "new OffscreenCanvas(1, 1)", "requestIdleCallback(f)", "  static {", "a.union(b)", "{ cause: e }"]
    assert [text for text in new if not any(re.search(p, text) for p in NEWER)] == []
    assert len(newer_styles("color-mix(in srgb, a, b) :is(a) :has(b) inset: 0 @layer 10dvh & > a")) == 7


# --- browsers that lack what is newer -------------------------------------------------------------------------------

OLDER = """for (const name of ["at", "findLast", "findLastIndex", "toReversed", "toSorted", "toSpliced", "with"])
  for (const kind of [Array, Object.getPrototypeOf(Int8Array)]) delete kind.prototype[name];
delete Object.hasOwn; delete window.structuredClone; delete window.OffscreenCanvas; delete window.DecompressionStream;
delete window.requestIdleCallback;"""


@pytest.fixture
def older_html(open_html):
    """open_html for a browser without the newer names."""
    return lambda content, script=OLDER: open_html(f"<script>{script}</script>{content}")


@pytest.mark.parametrize("name", ["fit_a_line", "surface_view", "go_board", "network_builder"])
def test_without_the_newer_names(name, example, older_html):
    page = older_html(example(name).html)
    page.wait_for_selector(".nnlib-ready")
    assert page.evaluate("[[].at, window.OffscreenCanvas, window.DecompressionStream]") == [None, None, None]


LAST_FRAME = """() => {
  const control = document.querySelector("input[type=range]");
  control.value = control.max;
  control.dispatchEvent(new Event("input"));
  return document.querySelector(".nnlib-frame-canvas").toDataURL();
}"""


def test_prepared_frames_are_the_same_pixels_there(example, older_html, open_html):
    drawn = []
    for page in (older_html(example("fit_a_line").html), open_html(example("fit_a_line").html)):
        page.wait_for_selector("[data-frames=ready]")
        drawn.append(page.evaluate(LAST_FRAME))
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) > 1000


def test_unpacked_as_the_browser_does(open_html):
    """inflate.js on what zlib wrote, at every level and of every kind of data."""
    import base64
    import random
    import zlib

    from tests.support.engine import Engine

    rng, engine = random.Random(0), Engine("inflate")
    for level in (0, 1, 9):
        for data in (b"", b"a", b"abc" * 5000, rng.randbytes(70000), bytes(rng.choices(range(9), k=40000))):
            packed = zlib.compress(data, level)
            length, total = engine.run("(v => [v.length, v.reduce((s, b, k) => (s * 31 + b + k) % 1000003, 7)])"
                                       "(nn.inflate.inflate(Uint8Array.from(packed)))", packed=list(packed))
            want = 7
            for k, b in enumerate(data):
                want = (want * 31 + b + k) % 1000003
            assert (length, total) == (len(data), want), (level, base64.b64encode(data[:9]))


@pytest.mark.parametrize(("script", "said"), [
    ("delete Element.prototype.replaceChildren;", "Chrome 86, Firefox 90 and Safari 15.4"),
    ("Math.sign = Math.hypot = Math.round = undefined;", "has stopped working here"),
])
def test_below_the_floor_the_still_picture_and_a_line(script, said, example, older_html):
    page = older_html(example("gradient_descent").html, script)
    page.wait_for_selector(".nnlib-failure")
    assert said in page.text_content(".nnlib-failure")
    assert page.is_visible(".nnlib-base")


@pytest.mark.parametrize("broken", [
    ("Promise.all([unpack(", "Promise.all([Promise.reject(new Error('oh')), unpack("),  # later
    ("const [pixels, colours] = changes[k];", "const [pixels, colours] = changes[k + 9999];"),
])
def test_frames_that_cannot_be_shown_leave_the_still_picture(broken, example, open_html):
    html = example("fit_a_line").html
    assert broken[0] in html
    page = open_html(html.replace(*broken))
    page.wait_for_selector(".nnlib-failure")
    assert page.is_visible(".nnlib-base")
    assert page.query_selector("input") is None
    assert page.get_attribute(".nnlib-base", "alt") == example("fit_a_line").alt


def test_what_fails_in_use_leaves_the_still_picture(example, open_html):
    html = example("learning_rate").html
    line = 'ui.slider("curvature", {'
    assert line in html
    page = open_html(html.replace(line, 'ui.button("Break", () => setTimeout.missing.thing);\n' + line))
    page.wait_for_selector(".nnlib-ready")
    page.click("button:text-is('Break')")
    page.wait_for_selector(".nnlib-failed")
    assert page.is_visible(".nnlib-static img")
    assert "stopped working" in page.text_content(".nnlib-failure")


def test_every_page_has_the_script_that_old_browsers_can_read(example):
    page = example("learning_rate").html
    script = re.search(r'<script data-nnlib-once="floor">(.*?)</script>', page, re.S)[1]
    assert not re.search(r"=>|\b(let|const|class)\b|`|\?\.|\?\?", script)
    assert host.floor() in page
