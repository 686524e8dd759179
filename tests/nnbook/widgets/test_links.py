"""Links that are damaged, outdated or made up: each value is clamped, snapped or left out, and the reader is told."""

import pytest

from nnbook.widgets.core import host

WIDGETS = sorted(host.EXAMPLES)
# Every key gets every text, one after the other; none may make the page hang (the machine may be busy).
FUZZ = """async ([texts, far, slow]) => {
  const root = document.querySelector("[data-nnlib-widget]"), name = root.dataset.nnlibWidget, problems = [];
  const first = root.dataset.state, keys = Object.keys(JSON.parse(first)).filter(key => key !== slow);
  const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const go = async (query, tries = 3) => {
    const hash = `#${encodeURIComponent(name)}?${query}`, start = performance.now();
    history.replaceState(null, "", " ");
    history.replaceState(null, "", hash);
    dispatchEvent(new HashChangeEvent("hashchange"));
    const milliseconds = performance.now() - start; // in the page itself: what else the machine does hardly counts
    await painted();
    if (milliseconds > 1000 && tries > 1) return go(query, tries - 1);
    const shown = [...root.querySelectorAll(".nnlib-picture, .nnlib-readout")].map(part => part.innerHTML).join();
    const notice = root.querySelector(".nnlib-notice");
    if (root.classList.contains("nnlib-failed")) problems.push(`${hash}: the widget gave up`);
    if (milliseconds > 1000) problems.push(`${hash}: takes ${milliseconds.toFixed(0)} ms`);
    const kinds = state => Object.values(JSON.parse(state)).map(value => typeof value).join();
    if (kinds(root.dataset.state) !== kinds(first)) problems.push(`${hash}: a value is of another kind`);
    if (/[:,[]null/.test(root.dataset.state)) problems.push(`${hash}: the state has a null`);
    const strange = /\\bNaN\\b|undefined|\\[object/.exec(/NaN/.test(query) ? "" : shown);
    if (strange) problems.push(`${hash}: ${strange[0]} is shown`);
    return notice && !notice.hidden ? notice.textContent : "";
  };
  for (const key of keys) {
    for (const text of texts) await go(new URLSearchParams([[key, text]]));
    if (root.classList.contains("nnlib-failed")) break;
  }
  if (!await go(new URLSearchParams([["not_a_key", "1"]]))) problems.push("nothing is said of an unknown key");
  if (!await go(new URLSearchParams(keys.map(key => [key, "\\u0000"])))) problems.push("nothing is said of bad values");
  for (const text of far) await go(new URLSearchParams(keys.map(key => [key, text])));
  const reset = [...root.querySelectorAll("button")].find(b => b.textContent === "Reset");
  reset?.click();
  await painted();
  if (root.dataset.state !== first) problems.push(`Reset leads to ${root.dataset.state}, not ${first}`);
  return problems;
}"""
TEXTS = ["nowhere", "-5", "1e9", "1e38", "0.3337", "", "NaN", "__proto__", "2; 3"]
SLOW = {"playground": "steps"}  # it computes all its steps anew


@pytest.mark.parametrize("name", WIDGETS)
def test_damaged_links(name, example, open_html):
    page = open_html(example(name).html, name)
    page.wait_for_selector(".nnlib-ready")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)[:200]))
    page.on("console", lambda m: m.type == "error" and errors.append(m.text[:200]))
    assert page.evaluate(FUZZ, [TEXTS, ["1e9", "-1e9", "0.5"], SLOW.get(name)]) == []
    assert errors == []
