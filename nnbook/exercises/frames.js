// What `explore` becomes without a kernel: sliders that choose among prepared frames. The picture in the page is the
// start frame; of every other frame the pixels that differ are drawn over it (the format: Film in pictures.py).
import { panel } from "../widgets/core/panel.js";
import { html, guarded } from "../widgets/core/elements.js";
import { pause } from "../widgets/core/pause.js";
import { inflate } from "./inflate.js";

const AT_ONCE = 50000; // pixels unpacked before the browser may answer the reader again

function render({ model, el }) {
  const controls = model.get("controls"), texts = model.get("texts");
  const ui = panel(model, el, { name: "explore", keys: controls.map(control => control.name), wide: true });
  const base = ui.root.querySelector(".nnlib-base");
  const [width, height] = model.get("frames").size;
  const canvas = html("canvas", { width, height, class: "nnlib-frame-canvas", "aria-hidden": "true", hidden: true });
  const stage = html("div", { class: "nnlib-stage", style: base.getAttribute("style") });
  base.parentNode.remove();
  base.dataset.alt = base.alt; // of the start frame, for the case that the others cannot be shown
  base.removeAttribute("style");
  stage.append(base, canvas);
  ui.picture.append(stage);
  ui.picture.classList.add("nnlib-film");
  new IntersectionObserver(() => { // asked only when it is seen: the answer takes a layout
    if (ui.picture.scrollWidth > ui.picture.clientWidth) ui.picture.tabIndex = 0; // on a phone: the keyboard may scroll it
  }).observe(ui.picture);
  ui.root.querySelector(".nnlib-note")?.remove();

  for (const { name, label, labels, slider } of controls) {
    if (slider) ui.slider(name, { label, min: 0, max: labels.length - 1, show: k => labels[k],
      play: name === model.get("play") && 250 });
    else ui.select(name, { label, options: labels });
  }

  const start = index();
  let film;
  function index() {
    return controls.reduce((k, { name, labels }) => k * labels.length + +model.get(name), 0);
  }
  function show() {
    const k = index();
    if (film) film(k);
    canvas.hidden = !film || k === start;
    ui.root.dataset.frame = k;
    if (texts.length) base.alt = texts[k];
    ui.say(...texts.length ? [texts[k]]
      : controls.map(({ name, label, labels }) => [label, labels[model.get(name)]]));
  }
  if (!texts.length) ui.readout.classList.add("nnlib-unseen"); // the values stand beside the sliders already
  ui.draw(show);
  guarded(el, async () => {
    const [changes] = await Promise.all([unpack(model.get("frames")), base.decode()]);
    film = projector(canvas, base, changes);
    show();
    ui.root.dataset.frames = "ready";
  })();
}

// [[Uint32Array of pixels, Uint32Array of colours], …], one pair for each frame.
async function unpack({ size: [width, height], count, palette, turned, data }) {
  const packed = Uint8Array.from(atob(data), c => c.charCodeAt(0));
  const bytes = "DecompressionStream" in window ? new Uint8Array(await new Response(
    new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer()) : inflate(packed);
  const colours = new Uint32Array(palette.length / 6).map((_, k) => {
    const rgb = parseInt(palette.slice(6 * k, 6 * k + 6), 16);
    return 0xff000000 | (rgb & 255) << 16 | rgb & 0xff00 | rgb >> 16; // little endian: alpha, blue, green, red
  });
  let at = 0;
  const integer = () => {
    let value = 0, shift = 0, byte;
    do { byte = bytes[at++]; value |= (byte & 127) << shift; shift += 7; } while (byte > 127);
    return value;
  };
  const places = [], all = [];
  let done = 0;
  const slice = async more => { if ((done += more) > AT_ONCE) done = await pause() ?? 0; };
  while (places.length < count) { // the runs of all frames stand before the pixels
    const pixels = [];
    let p = 0;
    for (let runs = integer(); runs; runs--) {
      p += integer();
      for (let length = integer(); length; length--, p++)
        pixels.push(turned ? p % height * width + (p / height | 0) : p);
    }
    places.push(Uint32Array.from(pixels));
    await slice(pixels.length);
  }
  for (const pixels of places) {
    all.push([pixels, pixels.map(() => colours[bytes[at++]])]);
    await slice(pixels.length);
  }
  return all;
}

// A function that shows frame k: the start frame with this frame's changes over it.
function projector(canvas, base, changes) {
  const layer = html("canvas", { width: canvas.width, height: canvas.height });
  const context = layer.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
  const rgba = new Uint32Array(image.data.buffer), stage = canvas.getContext("2d");
  let shown = [];
  return k => {
    for (const pixel of shown) rgba[pixel] = 0;
    const [pixels, colours] = changes[k];
    pixels.forEach((pixel, n) => { rgba[pixel] = colours[n]; });
    shown = pixels;
    context.putImageData(image, 0, 0);
    stage.drawImage(base, 0, 0, canvas.width, canvas.height);
    stage.drawImage(layer, 0, 0);
  };
}

export default { render };
