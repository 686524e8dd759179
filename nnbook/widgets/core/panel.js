// The frame around a widget: controls bound to its state, the read-out, Reset, the link to a state.

import { format, nearest } from "./numbers.js";
import { html, reducedMotion, keepKeys } from "./elements.js";

// The frame around a widget: controls bound to the model, a place for the picture, a read-out, Reset and Link.
//   name: of the widget;  keys: of the model that make up its state;  code: () => nnlib code for this state
export function panel(model, el, { name, keys, code, wide = false }) {
  const root = el.closest("[data-nnlib-widget]") ?? el;
  root.classList.add("nnlib-widget");
  root.dataset.nnlibWidget ??= name;
  keepKeys(root);
  const first = Object.fromEntries(keys.map(key => [key, model.get(key)]));
  const coders = Object.fromEntries(keys.map(key => [key, coder(first[key])]));
  const controls = html("div", { class: "nnlib-controls" });
  const readout = html("p", { class: "nnlib-readout", "aria-live": "polite" });
  const picture = html("div", { class: "nnlib-picture" });
  const foot = html("div", { class: "nnlib-foot" });
  const side = html("div", { class: "nnlib-side" }, controls, readout);
  el.append(html("div", { class: wide ? "nnlib-body nnlib-wide" : "nnlib-body" }, picture, side), foot);
  const ui = { root, controls, picture, readout, foot };
  const timers = new Set();
  let changing = false, redrawAll = () => {};

  // Change several values of the state at once, with one redraw.
  ui.change = values => {
    changing = true;
    for (const [key, value] of Object.entries(values)) model.set(key, value);
    changing = false;
    redrawAll();
    model.save_changes();
  };

  // Text of the read-out; arrays [label, value] are set as pairs.
  ui.say = (...parts) => readout.replaceChildren(...parts.flatMap(part => [
    html("span", { class: "nnlib-item" }, ...Array.isArray(part)
      ? [html("span", { class: "nnlib-name" }, part[0]), " ", html("span", { class: "nnlib-value" }, part[1])]
      : [part]), " "]));

  // Call redraw now and after each change of the state.
  ui.draw = redraw => {
    if (model.page) fromAddress();
    redrawAll = () => {
      if (changing) return;
      redraw();
      root.dataset.state = JSON.stringify(Object.fromEntries(keys.map(key => [key, model.get(key)])));
    };
    for (const key of keys) model.on(`change:${key}`, redrawAll);
    redrawAll();
  };

  ui.button = (text, onclick, place = controls) => {
    const button = html("button", { type: "button", onclick }, text);
    place.append(button);
    return button;
  };

  // A slider for model[key]: over `values`, or from min to max by step.
  ui.slider = (key, { label = key, values, min, max, step = 1, show = format, play = false }) => {
    const at = () => values ? nearest(values, model.get(key)) : model.get(key);
    const input = html("input", { type: "range", min: values ? 0 : min, max: values ? values.length - 1 : max,
      step: values ? 1 : step, oninput: () => ui.change({ [key]: values ? values[+input.value] : +input.value }) });
    const output = html("span", { class: "nnlib-value" });
    const row = html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), input, output);
    const update = () => {
      input.value = at();
      output.textContent = show(model.get(key));
      input.setAttribute("aria-valuetext", output.textContent);
    };
    model.on(`change:${key}`, update);
    update();
    controls.append(play ? html("div", { class: "nnlib-playrow" }, row, playButton(input, play)) : row);
    return input;
  };

  // Moves a slider to its end, one value each `interval` milliseconds; at once where motion is not wanted.
  function playButton(input, interval) {
    let timer = 0;
    const button = html("button", { type: "button", class: "nnlib-play", "aria-label": "Play", onclick: toggle }, "▶");
    function go(value) {
      input.value = value;
      input.dispatchEvent(new Event("input"));
    }
    function stop() {
      clearInterval(timer);
      timers.delete(stop);
      timer = 0;
      button.textContent = "▶";
      button.setAttribute("aria-label", "Play");
      readout.setAttribute("aria-live", "polite"); // says where it ended: what is put in anew is read out
      readout.replaceChildren(...readout.childNodes);
    }
    function toggle() {
      if (timer) return stop();
      if (reducedMotion()) return go(+input.value < +input.max ? input.max : input.min);
      if (+input.value >= +input.max) go(input.min);
      readout.setAttribute("aria-live", "off"); // not one announcement for each frame
      button.textContent = "❚❚";
      button.setAttribute("aria-label", "Pause");
      timers.add(stop);
      timer = setInterval(() => {
        if (!input.isConnected || +input.value >= +input.max) return stop();
        go(+input.value + +input.step);
      }, interval);
    }
    input.addEventListener("pointerdown", () => timer && stop());
    input.addEventListener("keydown", () => timer && stop());
    return button;
  }

  // A menu for model[key]; options: { value: text }. also(value): what else changes with a choice.
  ui.select = (key, { label = key, options, also = () => ({}) }) => {
    const input = html("select", { onchange: () => ui.change({ [key]: input.value, ...also(input.value) }) },
      ...Object.entries(options).map(([value, text]) => html("option", { value }, text)));
    const update = () => { input.value = model.get(key); };
    model.on(`change:${key}`, update);
    update();
    controls.append(html("label", { class: "nnlib-row" }, html("span", { class: "nnlib-name" }, label), input));
    return input;
  };

  ui.button("Reset", () => { timers.forEach(stop => stop()); ui.change(first); }, foot);
  if (model.page) addressButton();
  if (code) codeBox();

  // The state in the page's address: page.html#name?learning_rate=0.1&steps=20
  function place() {
    const same = [...document.querySelectorAll("[data-nnlib-widget]")].filter(
      r => r.dataset.nnlibWidget === root.dataset.nnlibWidget);
    const number = same.indexOf(root);
    return encodeURIComponent(root.dataset.nnlibWidget) + (number > 0 ? `-${number + 1}` : "");
  }

  function addressButton() {
    const button = ui.button("Link to this state", async () => {
      const state = new URLSearchParams(keys.map(key => [key, coders[key].write(model.get(key))]));
      history.replaceState(null, "", `#${place()}?${state}`);
      await copy(location.href);
      flash(button, "Link copied");
    }, foot);
    addEventListener("hashchange", fromAddress);
  }

  function fromAddress() {
    const [target, query] = location.hash.slice(1).split("?");
    if (!query || target !== place()) return;
    const values = {};
    for (const [key, text] of new URLSearchParams(query)) {
      const value = coders[key]?.read(text);
      if (value !== undefined) values[key] = value;
    }
    ui.change(values);
    requestAnimationFrame(() => root.scrollIntoView({ block: "center" }));
  }

  function codeBox() {
    const text = html("pre", { tabindex: 0 });
    const box = html("details", { class: "nnlib-code" }, html("summary", {}, "This state as nnlib code"), text);
    const button = ui.button("Copy", async () => { await copy(code()); flash(button, "Copied"); }, box);
    const update = () => { text.textContent = code(); };
    for (const key of keys) model.on(`change:${key}`, () => box.open && update());
    box.addEventListener("toggle", update);
    el.append(box);
  }

  return ui;
}

// How a value of this kind is written into an address and read back; undefined if the text makes no sense.
function coder(value) {
  const number = text => text.trim() !== "" && Number.isFinite(+text) ? +text : undefined;
  if (typeof value === "number") return { write: String, read: number };
  if (typeof value === "boolean") return { write: String, read: text => text === "true" };
  if (typeof value === "string") return { write: String, read: String };
  return {
    write: list => list.map(x => +x.toPrecision(6)).join(" "),
    read: text => {
      const list = text.split(" ").map(number);
      return list.length === value.length && !list.includes(undefined) ? list : undefined;
    },
  };
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
