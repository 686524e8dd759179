"""Accessibility of a page by axe, with its slowest question asked once of texts that look alike."""

from axe_playwright_python.sync_playwright import Axe

# Contrast takes most of axe's time, for thousands of words of code and formulas. What it depends on are the letters and
# all that lies behind them: where these are the same three times, the others need no look, nor what has no letters.
LOOKS = """() => {
  const behind = new Map(), seen = new Map(), looks = []; // marked in the end: a mark makes all styles old
  const colours = node => {
    const style = getComputedStyle(node), own = ["backgroundColor", "backgroundImage", "opacity", "filter",
      "mixBlendMode", "transform", "position"].map(name => style[name].replace("relative", "static")).join();
    return own === "rgba(0, 0, 0, 0),none,1,none,normal,none,static" ? "" : own;
  };
  for (const node of document.querySelectorAll("[data-look]")) node.removeAttribute("data-look");
  for (const node of document.querySelectorAll("body, body *:not(.katex *)")) { // axe skips what is aria-hidden
    const own = colours(node);
    behind.set(node, (behind.get(node.parentNode) ?? "") + (own && `${own};`));
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())) {
      if (node.matches("input, select, textarea")) looks.push(node);
      continue;
    }
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(node);
    const where = ["[aria-hidden=true]", "label", "svg"].map(around => Boolean(node.closest(around)));
    const off = "label:has(:disabled), :disabled, [aria-disabled=true], .nnlib-unseen";
    const unseen = [!node.getClientRects().length, node.closest(off),
      !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })];
    const look = [node.tagName, ...(unseen.some(Boolean) ? unseen.map(Boolean) : // axe knows, and does not look
      [...where, behind.get(node), color, fontSize, fontWeight, textShadow])].join("|");
    seen.set(look, (seen.get(look) ?? 0) + 1);
    if (seen.get(look) <= 3) looks.push(node);
  }
  for (const node of looks) node.dataset.look = "";
}"""
# Axe walks over everything for each rule. Code and formulas are two thirds of a page, and nothing but coloured letters:
# where these need no look, a box of their size stands for them meanwhile.
RUN = """async options => {
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look]" }] });
  const minor = axe._audit.rules.filter(rule => ["minor", "moderate"].includes(rule.impact)); // is not looked at below
  const rules = Object.fromEntries(minor.map(rule => [rule.id, { enabled: false }]));
  const boxes = [...document.querySelectorAll("article :is(.katex, pre:not(:has([data-look], :not(span))))")];
  const sizes = boxes.map(box => box.matches("pre") ? [box.scrollWidth, box.scrollHeight]
    : [box.getBoundingClientRect().width, box.getBoundingClientRect().height]);
  const letters = boxes.map((box, at) => {
    const all = [...box.childNodes], [width, height] = sizes[at], stands = document.createElement("span");
    stands.textContent = "…";
    stands.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
    box.replaceChildren(stands);
    return all;
  });
  try {
    const { violations } = await axe.run({ resultTypes: ["violations"], rules, ...options });
    return violations.map(({ id, help, impact, nodes }) => ({ id, help, impact, nodes: nodes.map(node => node.html) }));
  } finally {
    boxes.forEach((box, at) => box.replaceChildren(...letters[at]));
  }
}"""
SCRIPT = Axe().axe_script


def accessibility(page, **options):
    """What axe calls serious or critical, as a list of texts."""
    page.evaluate(LOOKS)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(SCRIPT)
    return [f"{found['id']}: {found['help']} ({len(found['nodes'])} times, e.g. {found['nodes'][0][:120]})"
            for found in page.evaluate(RUN, options) if found["impact"] in ("serious", "critical")]
