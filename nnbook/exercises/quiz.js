// Behaviour of a quiz whose texts stand in the page already (quiz.py); grades as Quiz.grade does.
import { html, keepKeys } from "../widgets/core/elements.js";
import { _ } from "../widgets/core/language.js";
import { values, equal } from "./formula.js";
import { numbers, words } from "./answers.js";

const grades = {
  choice({ answer }, [chosen]) {
    if (chosen === undefined) return ["empty"];
    return [chosen === answer[0] ? "right" : `mistake${chosen}`];
  },
  choices({ answer, mistakes }, chosen) {
    if (!chosen.length) return ["empty"];
    const wrong = chosen.find(k => !answer.includes(k));
    if (wrong !== undefined) return [`mistake${wrong}`];
    const missing = answer.filter(k => !chosen.includes(k)).sort((a, b) => a - b);
    if (!missing.length) return ["right"];
    const told = missing.find(k => mistakes.includes(k));
    return [told === undefined ? "missing" : `mistake${told}`];
  },
  number({ answer, mistakes, tolerance, unit }, text) {
    if (!text.trim()) return ["empty"];
    const slack = Math.max(tolerance, 1e-9 * Math.max(1, Math.abs(answer)));
    let readings;
    try { readings = numbers(text, unit, Math.abs(answer) > 1); } catch (error) {
      if (!error.kind) throw error;
      if (error.kind === "comma") return [Math.abs(error.thousands - answer) <= slack ? "right" : "comma"];
      return ["number"];
    }
    if (readings.some(x => Math.abs(x - answer) <= slack)) return ["right"];
    const known = mistakes.findIndex(wrong => readings.some(x => Math.abs(x - wrong) <= slack));
    if (known >= 0) return [`mistake${known}`];
    const [x] = readings;
    if (!Number.isFinite(x)) return ["number"];
    if (Math.abs(x + answer) <= slack) return ["sign"];
    if (answer && [-6, -3, -2, -1, 1, 2, 3, 6].some(p => Math.abs(x / 10 ** p - answer) <= slack)) return ["point"];
    const rounded = !Number.isInteger(answer) && Math.abs(x - answer) <= Math.max(3 * tolerance, 0.01 * Math.abs(answer));
    return [rounded ? "near" : "otherwise"];
  },
  text({ answer, mistakes }, response) {
    const text = words(response);
    if (!text) return ["empty"];
    if (answer.map(words).includes(text)) return ["right"];
    const known = mistakes.findIndex(wrong => words(wrong) === text);
    return [known >= 0 ? `mistake${known}` : "otherwise"];
  },
  formula({ answer, mistakes, variables, where }, text) {
    if (!text.trim()) return ["empty"];
    let got;
    try { got = values(text.replace(/^[^=≈＝]*[=≈＝]/, ""), variables, where); } catch (error) {
      if (!error.kind) throw error;
      return [error.kind, error.detail];
    }
    const want = values(answer, variables, where);
    if (equal(got, want)) return ["right"];
    const known = mistakes.findIndex(wrong => equal(got, values(wrong, variables, where)));
    if (known >= 0) return [`mistake${known}`];
    if (equal(got.map(g => -g), want)) return ["sign"];
    const ratio = want[0] ? got[0] / want[0] : NaN;
    return [ratio && equal(got, want.map(w => ratio * w)) ? "factor" : "otherwise"];
  },
};

export function grade(state, response) {
  const [key, detail = ""] = grades[state.kind](state, response);
  return { key, detail };
}

function render({ model, el }) {
  const root = el.closest("[data-nnlib-widget]"), form = root.querySelector("form");
  const verdict = form.querySelector(".nnlib-verdict"), inputs = [...form.querySelectorAll("input")];
  const state = Object.fromEntries(
    ["kind", "answer", "mistakes", "tolerance", "unit", "variables", "where"].map(k => [k, model.get(k)]));
  const button = html("button", { type: "submit" }, _("Check"));
  verdict.before(button);
  keepKeys(root);
  const response = () => state.kind.startsWith("choice")
    ? inputs.filter(input => input.checked).map(input => +input.value) : inputs[0].value;

  form.addEventListener("submit", event => {
    event.preventDefault();
    const { key, detail } = grade(state, response());
    const message = root.querySelector(`.nnlib-messages [data-when="${key}"]`).cloneNode(true);
    if (detail) message.innerHTML = message.innerHTML.replace("{detail}", () => html("i", {}, detail).innerHTML);
    const right = key === "right"; // the mark has a name, since not every screen reader reads it
    if (key !== "empty")
      message.prepend(html("b", { role: "img", "aria-label": right ? _("Right:") : _("Not yet:") }, right ? "✓ " : "✗ "));
    verdict.replaceChildren(message);
    root.dataset.state = JSON.stringify({ response: response(), verdict: key });
    root.classList.toggle("nnlib-right", right);
  });
  form.addEventListener("input", () => { // a verdict belongs to the answer that was checked
    verdict.replaceChildren();
    root.classList.remove("nnlib-right");
  });
  // one hint after the other
  const hints = [...root.querySelectorAll(".nnlib-hint")];
  hints.forEach((hint, k) => {
    hint.hidden = k > 0;
    hint.addEventListener("toggle", () => { if (hint.open && hints[k + 1]) hints[k + 1].hidden = false; });
  });
}

export default { render };
