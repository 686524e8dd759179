"""Wide windows: text in lines that one can follow, pictures and widgets beyond it, the contents untouched."""

import pytest

from tests.support import drive

from .conftest import SITE

WIDE = """() => {
  const problems = [], contents = document.querySelector(".bd-sidebar-secondary").getBoundingClientRect();
  const room = document.querySelector("article section").getBoundingClientRect();
  const widths = [...document.querySelectorAll("article section > p")].map(p => p.getBoundingClientRect().width);
  const text = Math.max(...widths);
  for (const node of document.querySelectorAll("article *")) {
    if (node.closest(".nnlib-unseen, svg, .katex-mathml, .scrolls") || !node.checkVisibility()) continue;
    const box = node.getBoundingClientRect();
    if (box.width && box.right > contents.left) problems.push(`${node.tagName}.${node.className} reaches the contents`);
  }
  for (const widget of document.querySelectorAll("[data-nnlib-widget]:not([data-nnlib-module=quiz])")) {
    const { width } = widget.getBoundingClientRect();
    if (width < Math.min(960, room.width) - 1) problems.push(`${widget.dataset.nnlibWidget} is ${width} pixels wide`);
  }
  for (const layer of document.querySelectorAll("svg[data-measured]")) // what it draws belongs to what it lies on
    if (Math.abs(layer.getBoundingClientRect().width - layer.parentNode.getBoundingClientRect().width) > 1)
      problems.push(`${layer.classList} is narrower than what it lies on`);
  const figures = [...document.querySelectorAll("article .cell_output img[src*=_images]")];
  const widest = Math.max(0, ...figures.map(image => image.getBoundingClientRect().width));
  if (room.width <= text || figures.length && widest <= text) problems.push("nothing is wider than the text");
  return problems;
}"""
# How many characters the lines have that are followed by another one of their paragraph.
LINES = """() => {
  const found = [], range = document.createRange();
  for (const paragraph of document.querySelectorAll("article section > p:not(:has(.katex, img, code, svg))")) {
    const lines = new Map(), walk = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let node; node = walk.nextNode();) for (let k = 0; k < node.length; k++) {
      range.setStart(node, k);
      range.setEnd(node, k + 1);
      const box = range.getBoundingClientRect(), line = Math.round(box.bottom / 8);
      if (box.width) lines.set(line, (lines.get(line) ?? 0) + 1);
    }
    found.push(...[...lines.values()].slice(0, -1));
  }
  return found.sort((a, b) => a - b);
}"""


@pytest.mark.parametrize("page", ["chapters/04_multilayer_perceptron", "zh/chapters/08_convolutional_networks"])
def test_wide_windows(page, visit):
    here = visit(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    tab = here.open((SITE / f"{page}.html").as_uri())
    for width in (1200, 1440, 1920):
        drive.resize(tab, width, 900)
        assert tab.evaluate(WIDE) == [], f"at {width} pixels"
        lines = tab.evaluate(LINES)
        if not page.startswith("zh"):
            assert 60 <= lines[len(lines) // 4] <= lines[-len(lines) // 20] <= 76, f"at {width} pixels"
    assert here.problems == []
