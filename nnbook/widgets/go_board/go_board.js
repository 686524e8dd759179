// A small Go board: the reader plays, a trained network answers. First capture wins, as in nnbook/games/go.py.
import { panel } from "../core/panel.js";
import { html, svg, set } from "../core/elements.js";
import { clamp, lastOf } from "../core/numbers.js";
import { colors } from "../../palette.js";
import { softmax } from "../core/network.js";
import { unpacked, forward } from "../core/packed_layers.js";
import { _ } from "../core/language.js";

const CELL = 56, EDGE = 40;
const LOOK = `.nnlib-go { display: block; width: 100%; max-width: 24rem; cursor: pointer; touch-action: manipulation; }
.nnlib-go:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }`;

export function neighbours(point, size) {
  const row = Math.floor(point / size), column = point % size;
  return [[row - 1, column], [row + 1, column], [row, column - 1], [row, column + 1]]
    .filter(([i, j]) => i >= 0 && j >= 0 && i < size && j < size).map(([i, j]) => size * i + j);
}

// The stones that hang together with the one at `point`, and the empty points beside them.
export function group(board, point) {
  const size = Math.sqrt(board.length), stones = new Set([point]), liberties = new Set(), todo = [point];
  while (todo.length)
    for (const q of neighbours(todo.pop(), size))
      if (board[q] === 0) liberties.add(q);
      else if (board[q] === board[point] && !stones.has(q)) {
        stones.add(q);
        todo.push(q);
      }
  return { stones: [...stones], liberties: [...liberties] };
}

// { board, captured } after a stone at `point`; null if the rules forbid it.
export function play(board, point, colour) {
  if (board[point] !== 0) return null;
  const now = [...board], captured = new Set();
  now[point] = colour;
  for (const q of neighbours(point, Math.sqrt(board.length)))
    if (now[q] === -colour && !group(now, q).liberties.length) group(now, q).stones.forEach(s => captured.add(s));
  captured.forEach(q => { now[q] = 0; });
  return group(now, point).liberties.length ? { board: now, captured: [...captured] } : null;
}

export const legal = (board, colour) => [...board.keys()].filter(p => play(board, p, colour));

// The game after the moves "12 7 6", black first; what is against the rules or comes after the end is left out.
export function replay(text, size) {
  const game = { board: Array(size * size).fill(0), colour: 1, moves: [], captured: [], winner: 0 };
  for (const word of text.split(" ")) {
    const step = /^\d+$/.test(word) && !game.winner && play(game.board, +word, game.colour);
    if (!step) continue;
    game.moves.push(+word);
    [game.board, game.captured] = [step.board, step.captured];
    if (step.captured.length) game.winner = game.colour;
    game.colour = -game.colour;
  }
  if (!game.winner && !legal(game.board, game.colour).length) game.winner = -game.colour;
  return game;
}

// A probability for each point, 0 where the rules forbid a move.
export function probabilities(layers, board, colour) {
  const size = Math.sqrt(board.length), moves = legal(board, colour), result = Array(board.length).fill(0);
  const plane = f => Array.from({ length: size }, (__, i) =>
    Float64Array.from({ length: size }, (__, j) => +f(colour * board[size * i + j])));
  const scores = lastOf(forward(layers, [plane(v => v > 0), plane(v => v < 0), plane(() => true)]));
  if (moves.length) softmax(moves.map(p => scores[p])).forEach((v, k) => { result[moves[k]] = v; });
  return result;
}

const inAtari = (board, colour) => board.some((v, p) => v === colour && group(board, p).liberties.length === 1);

// The network's move: the most probable one; with look-ahead a capture comes first, then what leaves nothing in atari.
export function choose(layers, board, colour, lookAhead) {
  const chance = probabilities(layers, board, colour);
  const rank = p => {
    if (!lookAhead) return chance[p];
    const { board: after, captured } = play(board, p, colour);
    return chance[p] + (captured.length ? 4 : 0) + (inAtari(after, colour) ? 0 : 2);
  };
  return legal(board, colour).reduce((best, p) => best === null || rank(p) > rank(best) ? p : best, null);
}

const at = k => EDGE + k * CELL;
const text = (px, py, content, more = {}) => svg("text", { class: "nnlib-label", x: px, y: py + 4.5,
  "text-anchor": "middle", ...more }, content);

// The empty board, the layer for what stands on it, and the ring of the one who plays by keys.
function boardOf(size) {
  const full = 2 * EDGE + (size - 1) * CELL;
  // a click begins and ends on the same element, so what is drawn anew meanwhile lets the pointer through
  const live = svg("g", { "pointer-events": "none" });
  const cursor = svg("circle", { r: 25, fill: "none", stroke: colors.loss, "stroke-width": 3, "pointer-events": "none" });
  const board = svg("svg", { viewBox: `0 0 ${full} ${full}`, tabindex: 0, role: "application", class: "nnlib-go",
    "aria-roledescription": _("Go board") }, svg("rect", { width: full, height: full, fill: "#F3DFB6", rx: 4 }),
  ...Array.from({ length: size }, (__, k) => svg("path", { stroke: "#6B5A36", fill: "none",
    d: `M${at(k)} ${at(0)}V${at(size - 1)}M${at(0)} ${at(k)}H${at(size - 1)}` })),
  ...Array.from({ length: size }, (__, k) => text(at(k), full - 10, "ABCDEFGHJ"[k])),
  ...Array.from({ length: size }, (__, k) => text(11, at(k), String(size - k))), live, cursor);
  return { full, live, cursor, board };
}

// Stones, the network's probabilities, liberties, and what was captured last.
function marksOn(game, size, show, chance) {
  const marks = [], last = lastOf(game.moves), x = p => at(p % size), y = p => at(Math.floor(p / size));
  game.board.forEach((stone, p) => {
    const share = chance && show === "network" ? chance[p] : 0;
    if (share > 0.005) marks.push(svg("circle", { cx: x(p), cy: y(p), r: 21, fill: "#F3DFB6" }),
      svg("circle", { cx: x(p), cy: y(p), r: 21, fill: colors.prediction, opacity: 0.15 + 0.6 * share }),
      text(x(p), y(p), `${Math.round(100 * share)}`));
    if (!stone) return;
    marks.push(svg("circle", { cx: x(p), cy: y(p), r: 23, fill: stone > 0 ? "#111" : "#fff", stroke: "#111",
      "stroke-width": 1.2 }));
    if (p === last) marks.push(svg("circle", { cx: x(p), cy: y(p), r: 17, fill: "none", stroke: colors.highlight,
      "stroke-width": 2.5 }));
    if (show === "liberties") marks.push(text(x(p), y(p), String(group(game.board, p).liberties.length),
      { style: `fill:${stone > 0 ? "#fff" : "#000"};font-weight:bold` }));
  });
  for (const p of game.captured) marks.push(svg("path", { stroke: colors.loss, "stroke-width": 3.5,
    d: `M${x(p) - 11} ${y(p) - 11}l22 22m0 -22l-22 22` }));
  return marks;
}

// How many groups of a colour have one liberty left, as text.
const inDanger = (board, colour) => String(new Set(board.flatMap((v, p) => {
  const { stones, liberties } = v === colour ? group(board, p) : { liberties: [] };
  return liberties.length === 1 ? [Math.min(...stones)] : [];
})).size);

// How the game ended.
function ending({ winner, captured }, you) {
  if (captured.length) return winner === you ? _("You capture and win.") : _("The network captures and wins.");
  return winner === you ? _("The network can play nowhere: you win.") : _("You can play nowhere: the network wins.");
}

const stone = v => v > 0 ? _("a black stone") : v < 0 ? _("a white stone") : _("empty");

function render({ model, el }) {
  const layers = unpacked(model.get("layers")), size = model.get("size");
  const keys = ["moves", "opponent", "show", "you"], now = () => replay(model.get("moves"), size);
  const name = p => `${"ABCDEFGHJ"[p % size]}${size - Math.floor(p / size)}`;
  const ui = panel(model, el, { name: "go_board", keys, code: () => {
    const { board, colour } = now();
    return `board = [${board.join(", ")}]\nmodel(planes(board, ${colour})[None])   # the network's scores, (1, ${size * size})`;
  } });
  const mine = () => model.get("you") === "white" ? -1 : 1;

  // The network moves when it is its turn; then it is the reader's again, or the game is over.
  const answered = (moves, you = mine()) => {
    const game = replay(moves, size);
    if (game.winner || game.colour === you) return game.moves.join(" ");
    return [...game.moves, choose(layers, game.board, game.colour, model.get("opponent") === "look-ahead")].join(" ");
  };
  ui.select("show", { label: _("show"), options: { network: _("the network's view"), liberties: _("liberties"), nothing: _("stones alone") } });
  ui.select("opponent", { label: _("opponent"), options: { network: _("network alone"), "look-ahead": _("network and rules") } });
  ui.select("you", { label: _("you play"), options: { black: _("black, first"), white: _("white, second") },
    also: you => ({ moves: answered("", you === "white" ? -1 : 1) }) });
  ui.button(_("New game"), () => ui.change({ moves: answered("") }));
  ui.button(_("Take back"), () => {
    let { moves } = now();
    do moves = moves.slice(0, -1); while (moves.length && (moves.length % 2 === 0 ? 1 : -1) !== mine());
    ui.change({ moves: answered(moves.join(" ")) });
  });

  const { full, live, cursor, board } = boardOf(size);
  ui.picture.append(html("style", {}, LOOK), board);

  let here = Math.floor(size * size / 2), said = "", byKeys = false;
  function put(point) {
    const game = now();
    said = "";
    if (game.winner) said = _("The game is over: start a new one.");
    else if (game.colour !== mine()) return ui.change({ moves: answered(model.get("moves")) });
    else if (game.board[point]) said = _("There is a stone at {point} already.", { point: name(point) });
    else if (!play(game.board, point, mine())) said = _("{point} is not allowed: your stone would have no liberty.", { point: name(point) });
    ui.change({ moves: said ? model.get("moves") : answered([...game.moves, point].join(" ")) });
    said = "";
  }
  set(board, {
    onclick: event => {
      const box = board.getBoundingClientRect(), unit = full / box.width;
      const [column, row] = [event.clientX - box.left, event.clientY - box.top].map(v =>
        clamp(Math.round((v * unit - EDGE) / CELL), 0, size - 1));
      here = row * size + column;
      byKeys = false;
      put(here);
    },
    onkeydown: event => {
      const way = { ArrowUp: -size, ArrowDown: size, ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      byKeys = true;
      if (!way) return put(here);
      const sideways = Math.abs(way) === 1, next = here + way;
      if (next >= 0 && next < size * size && (!sideways || Math.floor(next / size) === Math.floor(here / size))) here = next;
      ui.change({});
    },
    onfocus: () => { byKeys = board.matches(":focus-visible"); ui.change({}); },
    onblur: () => { byKeys = false; ui.change({}); },
  });

  ui.draw(() => {
    const game = now(), you = mine(), show = model.get("show"), last = lastOf(game.moves);
    const chance = game.winner ? null : probabilities(layers, game.board, game.colour);
    live.replaceChildren(...marksOn(game, size, show, chance));
    set(cursor, { cx: at(here % size), cy: at(Math.floor(here / size)), visibility: byKeys ? "visible" : "hidden" });
    set(board, { "aria-label": _("Go board: arrow keys move, Enter plays. At {point}: {stone}", { point: name(here), stone: stone(game.board[here]) }) });
    const best = chance?.reduce((top, v, p) => v > chance[top] ? p : top, 0);
    ui.say(...said ? [said] : [], ...byKeys ? [_("{point}: {stone}.", { point: name(here), stone: stone(game.board[here]) })] : [],
      ...game.winner ? [ending(game, you)] : [[_("your turn, move"), String(game.moves.length + 1)]],
      [_("against"), model.get("opponent") === "look-ahead" ? _("network and rules") : _("network alone")],
      ...last === undefined ? [] : [[_("last stone"), name(last)]],
      ...chance && show === "network" ? [[_("the network would play"), `${name(best)} (${Math.round(100 * chance[best])} %)`]] : [],
      [_("in atari, yours"), inDanger(game.board, you)], [_("the network's"), inDanger(game.board, -you)]);
  });
}

export default { render };
