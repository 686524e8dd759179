"""A chapter's page before its first section: the question, a picture that asks it, and what can wait, folded.

The notebook has it in the order in which it runs and is read in a kernel: question, objectives, set-up. openings.yml
says which widget's picture asks the question. Code that only draws is a quiet line above its picture.
"""

import ast
import base64
import re
from html import escape

import edition
from edition import _
from selectolax.lexbor import LexborHTMLParser
from sphinx.errors import SphinxError


def arrange(page, path):
    """Chapters only: `path` of the page says which."""
    quiet_code(page)
    row = next((row for row in edition.rows("openings.yml") if row["id"] == path.stem), None)
    if row is None:
        return
    lead = page.css_first("article section > h1 ~ p")
    if lead is None:
        raise SphinxError(f"{path.name}: no question stands below the title")
    fold_objectives(lead, path)
    fold_imports(page)
    lead.insert_after(made(picture(page, path, row), "figure"))
    lead.attrs["class"] = "question"


def made(html, selector):
    return LexborHTMLParser(html).css_first(selector)


def following(node):
    """The elements after this one, within the same parent."""
    node = node.next
    while node is not None:
        if node.tag != "-text":
            yield node
        node = node.next


def picture(page, path, row):
    """The still picture of the widget, which leads to the place where it moves."""
    widget = page.css_first(f'article [data-nnlib-widget="{row["picture"]}"]')
    image = widget.css_first("img.nnlib-base") if widget else None
    if image is None:
        raise SphinxError(f"openings.yml: {path.name} has no widget {row['picture']} with a picture")
    section = widget.parent
    while section.tag != "section":
        section = section.parent
    title = re.sub(r"\s*#$", "", section.css_first("h2, h3, h4").text().strip())
    folder = path.parent.parent / "_images"
    folder.mkdir(exist_ok=True)
    file = folder / f"opening_{path.stem}.png"
    file.write_bytes(base64.b64decode(image.attributes["src"].split(",")[1]))
    alt = escape(image.attributes["alt"])
    target = f"#{section.attributes['id']}"
    return (f'<figure class="opening"><a href="{target}"><img class="dark-light figure" src="../_images/{file.name}" '
            f'alt="{alt}"></a><figcaption>{row["says"]} '
            f'<a href="{target}">{_("Try it: {section}", section=title)}</a></figcaption></figure>')


def fold_objectives(lead, path):
    """What one can afterwards, and which points of the lectures it mirrors, below one line; time and needs stay."""
    after = list(following(lead))
    if [node.tag for node in after[:4]] != ["p", "ul", "p", "p"]:
        raise SphinxError(f"{path.name}: after the question come what one can afterwards, the time, and the points")
    head, goals, time, points = after[:4]
    body = f'<details class="goals"><summary>{head.text().strip()} …</summary>{goals.html}{points.html}</details>'
    head.insert_before(made(time.html, "p"))
    head.insert_before(made(body, "details"))
    for node in (head, goals, time, points):
        node.decompose()


def fold_imports(page):
    """The first cell, if all that it does is import."""
    cell = page.css_first("article div.cell")
    source = cell.css_first("div.cell_input") if cell else None
    if source is None or cell.css_first("div.cell_output, details") or not only_imports(source.text()):
        return
    folded = (f'<details class="hide above-input quiet"><summary><span>{_("Set-up: what this chapter imports")}</span>'
              f"</summary>{source.html}</details>")
    source.replace_with(made(folded, "details"))


def only_imports(code):
    """A generator of random numbers may be made, too."""
    try:
        return all(isinstance(node, (ast.Import, ast.ImportFrom, ast.Assign)) for node in ast.parse(code).body)
    except SyntaxError:
        return False


def quiet_code(page):
    """Code that only draws: a quiet line in place of a bar."""
    for cell in page.css("div.cell.tag_hide-input"):
        fold = cell.css_first("details.hide")
        if fold is None or cell.css_first(".cell_output img, .cell_output [data-nnlib-widget]") is None:
            continue
        fold.attrs["class"] = fold.attributes["class"].replace("admonition", "quiet")  # without the theme's shadow
        fold.css_first("summary").inner_html = f'<span>{_("Code of this picture")}</span>'
