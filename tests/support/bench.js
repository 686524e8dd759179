// What drive.py asks of a page, in the page itself: one call for each control; pictures never leave the browser.

// Until what was changed before has been painted: the frame after it is over.
const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));

// How far the page is scrolled, once it has stood still for three frames.
async function settled() {
  for (let last = NaN, same = 0; same < 3; last = scrollY) {
    await new Promise(requestAnimationFrame);
    same = scrollY === last ? same + 1 : 0;
  }
  return scrollY;
}

// Sets a slider or menu as a hand would.
async function setTo(control, value) {
  control.value = value;
  for (const event of ["input", "change"]) control.dispatchEvent(new Event(event, { bubbles: true }));
  await painted();
}

// ---- what a reader of the widget sees

const STRANGE = /\bNaN\b|undefined|\[object|not a number|\bnull\b/;

function strange(text) {
  const found = STRANGE.exec(text);
  return found && `${found[0]} WHERE: …${text.slice(Math.max(0, found.index - 60), found.index + 40)}…`;
}

// Two texts, or the pixels of two canvases, that differ have different numbers (cyrb53).
function hash(words) {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  const text = typeof words === "string";
  for (let k = 0; k < words.length; k++) {
    const word = text ? words.charCodeAt(k) : words[k];
    a = Math.imul(a ^ word, 2654435761);
    b = Math.imul(b ^ word, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return `${a >>> 0}.${b >>> 0}`;
}

function pixels(canvas) {
  const { width, height, hidden } = canvas;
  if (hidden || !width || !height) return "";
  return new Uint32Array(canvas.getContext("2d").getImageData(0, 0, width, height).data.buffer);
}

// Two states of a widget should differ here.
function look(root) {
  const drawn = [...root.querySelectorAll("svg, p.nnlib-stage")].map(node => node.outerHTML);
  for (const image of root.querySelectorAll("img")) drawn.push(image.src.length + image.src.slice(-200) + image.alt);
  const text = [...root.querySelectorAll("[aria-live]")].map(node => node.textContent).join(" | ");
  const words = drawn.map(markup => markup.replace(/(href|src)="[^"]*"/g, "")).join();
  return { picture: [...drawn, ...[...root.querySelectorAll("canvas")].map(pixels)].map(hash).join(), text,
    state: root.dataset.state ?? "", strange: strange(text) ?? strange(words) };
}

async function lookSoon(root) {
  await painted();
  return look(root);
}

// ---- parts of a widget

const rootOf = node => node.closest("[data-nnlib-widget]");
const roots = () => [...document.querySelectorAll("[data-nnlib-widget]")];
const nameOf = root => root.dataset.nnlibWidget;
const works = root => root.classList.contains("nnlib-ready")
  && (root.dataset.nnlibModule !== "frames" || root.dataset.frames === "ready");

function visible(node) {
  const { width, height } = node.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(node).visibility === "visible"
    && !node.closest("details:not([open]) > :not(summary)");
}

const usable = control => !control.matches(":disabled") && visible(control);
const labelOf = control => (control.closest("label") ?? control).textContent.trim().slice(0, 40)
  || control.getAttribute("aria-label");

// The ends of a control and some values between.
function valuesOf(control) {
  if (control.tagName === "SELECT") return [...control.options].map(option => option.value);
  const low = +control.min, high = +control.max, step = +control.step || 1, last = Math.round((high - low) / step);
  return [...new Set([0, 1 / 4, 1 / 2, 3 / 4, 1].map(part => low + step * Math.round(part * last)))];
}

const firstControl = root => [...root.querySelectorAll("input[type=range], select")].find(
  control => !control.matches(":disabled") && valuesOf(control).length > 1);

// ---- what is done to it

const status = root => works(root) ? "works" : root.classList.contains("nnlib-failed") ? "failed" : "waits";

// What is two screens from a widget, and keeps its size, rests while this is driven: a long page costs at every frame.
// Without a widget all is drawn.
function rest(root) {
  const parts = [...document.querySelectorAll("article section > :not(section)")], here = root?.getBoundingClientRect();
  const boxes = parts.map(part => part.getBoundingClientRect()); // all are read, then written: one layout
  parts.forEach(({ style }, k) => {
    const { top, bottom, width, height } = boxes[k];
    const far = here && (bottom < here.top - 1500 || top > here.bottom + 1500);
    style.containIntrinsicSize = far ? `${width}px ${height}px` : "";
    style.contentVisibility = far ? "hidden" : "visible";
  });
}

function begin(root) {
  root.querySelectorAll(".nnlib-controls details").forEach(fold => { fold.open = true; });
  return look(root);
}

// Every end and a few values between must look different from one another. Boxes to be ticked are left to the mouse.
async function driveControl(control) {
  const root = rootOf(control), label = labelOf(control), problems = [], looks = [];
  if (!label) return { problems: ["a control has no name"] };
  if (!usable(control)) return { problems };
  if (["checkbox", "radio"].includes(control.type))
    return { label, problems, before: look(root), checked: control.checked };
  const values = valuesOf(control), kinds = part => new Set(looks.map(part)).size;
  for (const value of values) {
    await setTo(control, value);
    const now = look(root);
    if (now.strange) problems.push(now.strange.replace("WHERE", () => `with ${label} = ${value}`));
    looks.push(now);
  }
  if (kinds(now => now.picture + now.text) < 2 && values.length > 1)
    problems.push(`${label}: neither picture nor read-out changes from ${values[0]} to ${values.at(-1)}`);
  if (kinds(now => now.state) < values.length) problems.push(`${label}: data-state does not follow it`);
  return { label, problems, keys: control.tagName === "INPUT" };
}

// Away from the state that the widget begins with, so that there is something to be brought back.
async function moveAway(root, first) {
  const control = firstControl(root);
  for (const value of control ? valuesOf(control) : []) {
    await setTo(control, value);
    if (look(root).state !== first) break;
  }
}

async function moveToEnd(root) {
  const control = firstControl(root);
  if (control) await setTo(control, valuesOf(control).at(-1));
  return look(root).state;
}

async function beforePlay(button) {
  const slider = button.parentNode.querySelector("input");
  if (slider) await setTo(slider, slider.min);
  return { name: button.getAttribute("aria-label"), ...look(rootOf(button)) };
}

// Where its middle is, on the screen.
function centre(node) {
  const at = () => node.getBoundingClientRect();
  if (at().top < 90 || at().bottom > innerHeight - 20 || at().left < 0 || at().right > innerWidth)
    node.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const { x, y, width, height } = at();
  return [x + width / 2, y + height / 2];
}

// Where the mouse hits it; nothing if something else lies on top.
function middle(node) {
  const [x, y] = centre(node), hit = document.elementFromPoint(x, y);
  return hit && (node.contains(hit) || hit.closest("label")?.control === node) ? [x, y] : null;
}

function press(node) {
  const at = middle(node);
  if (at) node.click();
  return at;
}

// The words of a button that can be clicked.
const wordsOf = button => usable(button) ? button.textContent : null;

// What is to be dragged: its name, and where its middle is; nothing if it is not to be moved now.
function handleOf(handle) {
  const name = handle.getAttribute("aria-label");
  return !name || handle.getAttribute("aria-disabled") !== "true" && visible(handle) ? { name } : null;
}

// The button of the frame that is called so in the one language or the other.
const named = (root, names) => [...root.querySelectorAll("button")].find(
  button => names.includes(button.textContent.trim())) ?? null;

// Back to the start before the next part is tried; whether Reset can be clicked is another question.
function reset(root, names) {
  named(root, names)?.click();
  return look(root);
}

// Of a question: how it is answered.
const kindOfQuestion = root => root.dataset.nnlibModule === "quiz" ? root.querySelector("input")?.type ?? null : null;

const verdict = root => root.querySelector(".nnlib-verdict").textContent;

// Every choice, or a few answers, given by script; the verdicts.
function verdicts(root, answers) {
  const choices = [...root.querySelectorAll("input[type=radio], input[type=checkbox]")];
  const field = root.querySelector("input[type=text]"), button = root.querySelector("button[type=submit]");
  return (choices.length ? choices : answers).map(answer => {
    if (!middle(choices.length ? answer : field) || !middle(button)) return "something lies over it";
    if (choices.length) answer.click();
    else {
      field.value = answer;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    button.click();
    return verdict(root);
  });
}

// ---- without scripts, in print, on a phone

function pictureProblems(root) {
  const picture = [...root.querySelectorAll("img")].find(visible);
  if (!picture) return ["no picture is seen"];
  const { width, height } = picture.getBoundingClientRect(), problems = [];
  if (width < 100 || height < 50) problems.push(`the picture is only ${width} x ${height} pixels large`);
  if (picture.alt.length < 15) problems.push("the picture has no alt text");
  return problems;
}

// Each widget's picture is seen, a question's text, and no control.
const stills = where => roots().flatMap(root => {
  const seen = [...root.querySelectorAll("input, select, button")].some(visible);
  if (root.dataset.nnlibModule === "quiz")
    return where === "in print" || visible(root.querySelector(".nnlib-question")) ? []
      : [`${nameOf(root)}: the question is not seen ${where}`];
  return [...pictureProblems(root).map(problem => `${nameOf(root)}: ${problem} ${where}`),
    ...seen ? [`${nameOf(root)}: controls ${where === "in print" ? "are printed" : "that do nothing are shown"}`] : []];
});

const smallTexts = () => [...document.querySelectorAll("[data-nnlib-widget] svg text")].filter(
  text => text.textContent.trim() && text.getClientRects().length).map(text => {
  const { a, b } = text.getScreenCTM();
  return [text.textContent, parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b)];
}).filter(([, size]) => size < 9).map(([text, size]) => `a text of ${size.toFixed(1)} pixels: ${text}`);

// Tab goes through a widget from top to bottom; what stands in a column further to the right may begin higher up.
const disorder = () => roots().flatMap(root => {
  const stops = [...root.querySelectorAll("a[href], button, input, select, textarea, summary, svg, [tabindex]")].filter(
    stop => (stop.tagName === "svg" ? stop.querySelector("[tabindex='0']") : stop.tabIndex >= 0 && !stop.closest("svg"))
      && !stop.disabled && stop.checkVisibility({ visibilityProperty: true }));
  const name = stop => stop.getAttribute("aria-label") ?? (stop.closest("label") ?? stop).textContent.trim();
  return stops.slice(1).flatMap((stop, k) => {
    const here = stop.getBoundingClientRect(), before = stops[k].getBoundingClientRect();
    const up = here.bottom <= before.top + 2 && here.left < before.right - 2;
    const back = here.right <= before.left + 2 && here.top < before.bottom - 2 && here.bottom > before.top + 2;
    return up || back
      ? [`${nameOf(root)}: Tab goes ${up ? "up" : "back"}, from “${name(stops[k])}” to “${name(stop)}”`] : [];
  });
});

// A field whose letters are smaller than 16 px when it gets the focus makes iPhones enlarge the page.
function smallFields() {
  const small = [...document.querySelectorAll("[data-nnlib-widget] :is(input[type=text], input[type=number], select)")]
    .filter(field => !field.disabled && field.checkVisibility({ visibilityProperty: true })).filter(field => {
      field.focus({ preventScroll: true });
      return parseFloat(getComputedStyle(field).fontSize) < 16;
    });
  document.activeElement?.blur();
  const name = field => field.getAttribute("aria-label") ?? field.closest("label")?.textContent.trim();
  return small.map(field => `${nameOf(rootOf(field))}: the field “${name(field)}” has letters below 16 pixels`);
}

const smallControls = () => [...document.querySelectorAll("[data-nnlib-widget] :is(button, select, input, summary)")]
  .filter(visible).flatMap(control => {
    const { width, height } = (control.closest("label") ?? control).getBoundingClientRect();
    return height < 24 || width < 13
      ? [`${labelOf(control)}: only ${Math.round(width)} x ${Math.round(height)} pixels large`] : [];
  });

const phone = () => [...smallTexts(), ...smallFields(), ...disorder(), ...smallControls()];
