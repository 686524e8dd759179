"""Pictures in the dark: none on a white slab, photographs and boards as they are by day.

Each page is looked at in the visit of test_pages, at a quarter of its size.
"""

import base64
import io

import numpy as np
from PIL import Image

from tests.support import drive

SCALE = 1 / 4
WHITE = 213  # of 255, in each of the three colours: the theme makes white 219; a wooden board has less blue
PICTURES = "article img, article canvas, article svg:not(.svg-inline--fa), .as-it-is > i"
LIKE = 20  # of 255: pictures may stand half a pixel elsewhere; turned over they differ by 80 and more
SEEN = """selector => [...document.querySelectorAll(selector)].map(node => [node, node.matches(".as-it-is > i")])
  .filter(([node, part]) => (part ? node.parentNode : node).checkVisibility()).map(([node, part]) => {
    const box = (part ? node.parentNode : node).getBoundingClientRect();
    const margins = part ? node.style.clipPath.match(/[-.0-9]+(?=%)/g).map(Number) : [0, 0, 0, 0];
    const [top, right, bottom, left] = margins.length === 4 ? margins
      : [margins[0], margins[1] ?? margins[0], margins[2] ?? margins[0], margins[1] ?? margins[0]];
    return { part, name: node.closest("[data-nnlib-widget]")?.dataset.nnlibWidget ?? node.closest(".as-it-is")
        ?.querySelector("img").alt ?? node.getAttribute("alt") ?? "",
      box: [box.top + scrollY + top / 100 * box.height, box.left + scrollX + left / 100 * box.width,
        box.bottom + scrollY - bottom / 100 * box.height, box.right + scrollX - right / 100 * box.width] };
  })"""


def photographed(tab):
    """The whole page as pixels (height, width, 3), a quarter of its size."""
    tab.evaluate("() => { dispatchEvent(new Event('wholepage')); }")
    tab.evaluate(drive.SETTLED)
    width, height = tab.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    shot = tab.context.new_cdp_session(tab).send("Page.captureScreenshot", {
        "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": SCALE}})
    with Image.open(io.BytesIO(base64.b64decode(shot["data"]))) as image:
        return np.asarray(image.convert("RGB"), dtype=float)


def part_of(page, box, inside):
    """The pixels of a picture, without the `inside` outermost ones, which may show what is around it."""
    top, left, bottom, right = (round(SCALE * place) for place in box)
    return page[top + inside:bottom - inside, left + inside:right - inside]


def dark_problems(tab, in_theme):
    """in_theme(name) switches. Looks at all pictures of the page that can be seen."""
    in_theme("dark")
    at_night, seen, problems = photographed(tab), tab.evaluate(SEEN, PICTURES), []
    for picture in seen:
        now = part_of(at_night, picture["box"], 2)
        if not picture["part"] and min(now.shape[:2]) >= 4:  # more than a mark in the text
            edge = np.concatenate([now[0], now[-1], now[:, 0], now[:, -1]])
            if np.mean(edge.min(axis=1) > WHITE) > 0.5:
                problems.append(f"a white slab in the dark: {picture['name'][:60]}")
    if not any(picture["part"] for picture in seen):
        return problems
    in_theme("light")
    by_day = photographed(tab)
    for picture, before in zip(seen, tab.evaluate(SEEN, PICTURES), strict=True):  # a page may be longer in the dark
        day, night = part_of(by_day, before["box"], 1), part_of(at_night, picture["box"], 1)
        rows, columns = np.minimum(day.shape[:2], night.shape[:2])
        if picture["part"] and np.abs(day[:rows, :columns] - night[:rows, :columns]).mean() > LIKE:
            problems.append(f"not as by day: {picture['name'][:60]}")
    return problems


PAGE = """<body style="background:#14181e"><article>
<style>[data-theme=dark] .turned { filter: invert(1) } [data-theme=dark] article { padding-top: 30px }
.as-it-is, .as-it-is > i { display: block; width: 200px; height: 80px } .as-it-is > i { background: #333 }
.as-it-is > img { position: absolute }</style>
<div data-nnlib-widget="slab"><canvas width="200" height="80" style="background:#fff"></canvas></div>
<div data-nnlib-widget="turned"><canvas class="turned" width="200" height="80" style="background:#fff"></canvas></div>
<div data-nnlib-widget="wood"><canvas width="200" height="80" style="background:#F3DFB6"></canvas></div>
<p class="as-it-is"><img alt="a photograph, turned over"><i class="turned" style="clip-path:inset(10%)"></i></p>
<p class="as-it-is"><img alt="a photograph"><i style="clip-path:inset(10% 0% 0%)"></i></p></article></body>"""


def test_a_slab_and_a_photograph_turned_over_are_noticed(visit):
    tab = visit().page
    tab.set_content(PAGE)
    found = dark_problems(tab, lambda name: tab.evaluate("n => { document.documentElement.dataset.theme = n; }", name))
    assert found == ["a white slab in the dark: slab", "not as by day: a photograph, turned over"]
