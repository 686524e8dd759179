// The frame around a widget: a place for the picture, controls bound to its state, the read-out, Reset, the link.

import { html, keepKeys, keepSliders, guarded } from "./elements.js";
import { sliders, menus } from "./controls.js";
import { registry, addressOf, readAddress } from "./address.js";
import { _ } from "./language.js";

// The frame around a widget: controls bound to the model, a place for the picture, a read-out, Reset and Link.
//   name: of the widget;  keys: of the model that make up its state;  code: () => nnlib code for this state
export function panel(model, el, { name, keys, code, wide = false }) {
  const ui = frame(el, name, wide);
  ui.timers = new Set();
  ui.stop = () => ui.timers.forEach(stop => stop());
  const first = Object.fromEntries(keys.map(key => [key, model.get(key)]));
  const limits = registry(first);
  let changing = false, redrawAll = () => {};

  // What the state may hold: accept(key, limit), limit(value) -> the allowed value nearest to it, undefined if none is.
  // Sliders and menus say it themselves; needed for what has neither, or takes more than its menu offers.
  ui.accept = (key, limit) => { limits[key] = limit; };

  // Change several values of the state at once, with one redraw.
  ui.change = values => {
    changing = true;
    try {
      for (const [key, value] of Object.entries(values)) model.set(key, value);
    } finally {
      changing = false;
    }
    redrawAll();
    model.save_changes();
    if (!ui.notice.hidden) ui.notice.hidden = true;
  };

  // Call redraw now and after each change of the state.
  ui.draw = redraw => {
    redrawAll = () => {
      if (changing) return;
      redraw();
      ui.root.dataset.state = JSON.stringify(Object.fromEntries(keys.map(key => [key, model.get(key)])));
    };
    const follow = guarded(ui.root, redrawAll);
    for (const key of keys) model.on(`change:${key}`, follow);
    follow();
    if (model.page) fromAddress();
  };

  ui.button = (text, onclick, place = ui.controls) => {
    const button = html("button", { type: "button", onclick }, text);
    place.append(button);
    return button;
  };
  ui.slider = sliders(model, ui);
  ui.select = menus(model, ui);

  ui.button(_("Reset"), () => { ui.stop(); ui.change(first); }, ui.foot);
  if (model.page) {
    const button = ui.button(_("Link to this state"), async () => {
      history.replaceState(null, "", addressOf(ui.root, first, key => model.get(key)));
      await copy(location.href);
      flash(button, _("Link copied"));
    }, ui.foot);
    addEventListener("hashchange", guarded(ui.root, fromAddress));
  }
  if (code) el.append(codeBox(model, ui, keys, code));

  // The state in the page's address, as far as this widget has such values; the reader is told of the rest.
  function fromAddress() {
    const asked = readAddress(ui.root, first);
    if (!asked) return;
    ui.stop();
    try {
      ui.change(asked.within(limits));
      const again = asked.within(limits); // how far a slider reaches may depend on the other values
      if (Object.entries(again).some(([key, value]) => model.get(key) !== value)) ui.change(again);
      ui.tell(asked.left(key => model.get(key)));
    } catch {
      ui.change(first);
      ui.tell(_("This link leads to a state that cannot be shown; this is how the widget begins."));
    }
    requestAnimationFrame(() => ui.root.scrollIntoView({ block: "center" }));
  }

  return ui;
}

// The empty frame, and its read-out.
function frame(el, name, wide) {
  const root = el.closest("[data-nnlib-widget]") ?? el;
  root.classList.add("nnlib-widget");
  root.dataset.nnlibWidget ??= name;
  keepKeys(root);
  keepSliders(root);
  const controls = html("div", { class: "nnlib-controls" });
  const readout = html("p", { class: "nnlib-readout notranslate", translate: "no", "aria-live": "polite" });
  const notice = html("p", { class: "nnlib-notice", role: "status", hidden: true });
  const picture = html("div", { class: "nnlib-picture notranslate", translate: "no" });
  const foot = html("div", { class: "nnlib-foot" });
  const parts = wide ? [controls, picture, readout] : [picture, html("div", { class: "nnlib-side" }, controls, readout)];
  el.append(html("div", { class: wide ? "nnlib-body nnlib-wide" : "nnlib-body" }, ...parts), notice, foot); // as Tab goes
  const ui = { root, controls, picture, readout, notice, foot };

  // Text of the read-out; arrays [label, value] are set as pairs.
  ui.say = (...parts) => readout.replaceChildren(...parts.flatMap(part => [
    html("span", { class: part.className === "nnlib-line" ? "nnlib-item nnlib-item-line" : "nnlib-item" }, ...Array.isArray(part)
      ? [html("span", { class: "nnlib-name" }, part[0]), " ", html("span", { class: "nnlib-value" }, part[1])]
      : [part]), " "]));

  // Tell the reader something until the next change.
  ui.tell = text => {
    notice.textContent = text;
    notice.hidden = !text;
  };
  return ui;
}

function codeBox(model, ui, keys, code) {
  const text = html("pre", { tabindex: 0, class: "notranslate", translate: "no" });
  const update = guarded(ui.root, () => { text.textContent = code(); });
  const box = html("details", { class: "nnlib-code" }, // filled by the click: the event of the fold comes only later
    html("summary", { onclick: update }, _("This state as nnlib code")), text);
  const button = ui.button(_("Copy"), async () => { await copy(code()); flash(button, _("Copied")); }, box);
  for (const key of keys) model.on(`change:${key}`, () => box.open && update());
  box.addEventListener("toggle", update);
  return box;
}

function flash(button, text) {
  button.dataset.name ??= button.textContent; // a second click may come while the text is another
  button.textContent = text;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { button.textContent = button.dataset.name; }, 1500);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no permission, or an old browser
    const area = html("textarea", { style: "position:fixed;opacity:0" });
    document.body.append(area);
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
