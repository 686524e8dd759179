"""Each word that a widget shows is a word of the catalogue: in a language that marks its words, no other is seen."""

import html
import json
import re

import matplotlib
import pytest
from matplotlib.text import Text

import nnbook.widgets  # noqa: F401  fills the registry
from nnbook import language
from nnbook.exercises import explore, quiz
from nnbook.widgets.core import host, pictures

KEPT = re.compile(r"(\$[^$]*\$|\{\w+(?:![rs])?(?::[^{}]*)?\})")  # formulas, and the places of values
MARKED = re.compile("«[^»]*[»…]")  # … where a widget cuts a long word
# names that are the same in each language, and what nnlib calls things
NAMES = re.compile(r"(?<![A-Za-z])(?:MSE|RMSE|MAE|XOR|ReLUs?|SGD|Adam|tanh|Softmax|Sigmoid|Leaky|ELU|"
                   r"Softplus|Swish|SwiGLU|relu|leaky|"
                   r"sigmoid|swish|max|log|nnlib|MNIST|GRU|LSTM|RNN|[BMES]{2,}|xy)(?![A-Za-z])")


class Marking(dict):
    """A catalogue of all words, each in marks; values and formulas stay outside of them."""

    def get(self, text, default=None):
        return "".join(part if KEPT.fullmatch(part) or not part else f"«{part}»" for part in KEPT.split(text))


def not_marked(texts, own=()):
    """Texts with words outside of the marks that are no names and not among the reader's `own`."""
    found = set()
    for text in texts:
        rest = NAMES.sub("", re.sub(r"\$[^$]*\$", "", MARKED.sub(" ", text)))
        if any(word.lower() not in own for word in re.findall("[A-Za-z]{2,}", rest)):
            found.add(text)
    return found


@pytest.fixture
def marking(monkeypatch):
    """Words are marked; texts of still pictures are gathered, and nothing is drawn."""
    monkeypatch.setattr(language, "words", Marking())
    texts = []

    def gathered(figure, dpi):
        texts.extend(text.get_text() for text in figure.findobj(Text))
        return PIXEL

    monkeypatch.setattr(pictures, "small_png", gathered)
    return texts


PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000"
                      "02000148afa4710000000049454e44ae426082")

# All texts and spoken names of a widget, as it is and after each move of each control.
SAID = """root => {
  const said = new Set();
  const spoken = ["aria-label", "aria-valuetext", "aria-roledescription", "alt", "title", "placeholder"];
  const listen = () => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walk.currentNode; node; node = walk.nextNode())
      if (node.nodeType === 3) {
        if (!node.parentNode.closest("script, style, pre")) said.add(node.textContent.trim());
      } else for (const name of spoken) if (node.getAttribute(name)) said.add(node.getAttribute(name));
  };
  listen();
  const move = (control, value) => {
    control.value = value;
    for (const event of ["input", "change"]) control.dispatchEvent(new Event(event, { bubbles: true }));
    listen();
  };
  for (const menu of root.querySelectorAll("select")) {
    const first = menu.value;
    for (const option of [...menu.options]) move(menu, option.value);
    move(menu, first);
  }
  for (const slider of root.querySelectorAll("input[type=range]")) {
    const first = slider.value, steps = Math.min(12, (slider.max - slider.min) / (+slider.step || 1));
    for (let k = 0; k <= steps; k++) move(slider, +slider.min + (slider.max - slider.min) * k / steps);
    move(slider, first);
  }
  for (const field of root.querySelectorAll(".nnlib-controls input[type=text]")) move(field, "");
  for (const button of root.querySelectorAll("button:not(.nnlib-play)"))
    if (!button.disabled) { button.click(); listen(); }
  return [...said];
}"""


@pytest.mark.parametrize("name", sorted(host.EXAMPLES))
def test_each_word_of_a_widget_is_in_the_catalogue(name, marking, open_html):
    made = host.EXAMPLES[name]()
    page = open_html(made.html, name)
    page.wait_for_selector(".nnlib-ready")
    own = set(re.findall("[a-z]+", " ".join(texts_of_readers(getattr(made, "state", {}))).lower()))
    said = [*page.query_selector("[data-nnlib-widget]").evaluate(SAID), *marking, made.alt]
    assert len(said) > 5
    if name == "name_writer":
        own |= set(re.findall("^[a-z]+$", "\n".join(said), re.M))  # what it writes are no words
    assert not_marked(said, own) == set()


def texts_of_readers(state):
    """What is written in English since it is the network's language: reviews, messages, words that it knows."""
    for key in ("text", "examples", "vocabulary", "words", "source_vocabulary", "target_vocabulary"):
        yield from map(str, state.get(key, []) if isinstance(state.get(key), list) else [state.get(key, "")])


def test_each_word_of_explore_and_of_quizzes_is_in_the_catalogue(marking, monkeypatch):
    from matplotlib.figure import Figure

    def small_figure(**values):
        figure = Figure(figsize=(1, 1))
        figure.text(0, 0, str(values))
        return figure

    made = explore(small_figure, learning_rate=[1, 2], kind=["with", "without"], fast=[True, False])
    live = made.live()
    texts = [made.alt, *re.findall(r'aria-label="([^"]*)"', made.html),
             *(entry[key] for entry in made_controls(made) for key in ("label",)),
             *(label for entry in made_controls(made) for label in entry["labels"])]
    for control in live.controls.values():
        texts += [control.description, *(label for label, _value in control.options)]
    for name in ("1.parameters", "1.largest-weight", "2.logistic", "5.delta"):
        made = quiz(name)
        assert made.alt.startswith("«Question: »")
        seen = re.sub(r"(?s)<(script|style|code).*?</\1>|<span class=\"nnlib-math\">.*?</span>", "", made.html)
        texts += [html.unescape(re.sub(r"<[^<>]*>|\{detail\}", "", seen)), *re.findall('placeholder="([^"]*)"', seen)]
    assert len(texts) > 20
    assert not_marked(texts) == set()


@pytest.mark.parametrize("name", ["backprop_stepper", "fit_a_line", "gradient_descent", "learning_rate"])
def test_pictures_have_their_letters_whatever_style_the_reader_has_set(name, monkeypatch):
    """A missing glyph is a warning, and a warning is an error here."""
    monkeypatch.setattr(language, "words", {})  # which is taken back afterwards
    language.use_language("zh")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        host.EXAMPLES[name]()


def made_controls(made):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', made.html, re.S)[1])["controls"]
