// Sizes of the maps of a stack of layers, and what one output number sees of each: rows and columns are alike.

export const LAYERS = { conv3: [3, 1], conv5: [5, 1], strided: [3, 2], pool2: [2, 2], pool3: [3, 3], none: undefined }; // K, S

// The sides of the maps, the input's first; it ends before a layer whose window does not fit.
export function sides(layers, side) {
  const all = [side];
  for (const [K, S] of layers) {
    const next = Math.floor((all[all.length - 1] - K) / S) + 1;
    if (next < 1) break;
    all.push(next);
  }
  return all;
}

// For each map, how many paths lead from each of its places (along one side) to `place` of the last.
export function paths(layers, all, place) {
  const maps = [Array.from({ length: all[all.length - 1] }, (__, k) => +(k === place))];
  for (let l = all.length - 2; l >= 0; l--) {
    const [K, S] = layers[l], before = new Array(all[l]).fill(0);
    maps[0].forEach((count, k) => { for (let i = 0; count && i < K; i++) before[k * S + i] += count; });
    maps.unshift(before);
  }
  return maps;
}

// Where the paths begin and how many places they take: [first, width].
export function span(counts) {
  const first = counts.findIndex(Boolean);
  return [first, counts.length - [...counts].reverse().findIndex(Boolean) - first];
}

// 1 + Σ (K − 1) · (product of all strides before), written out, and that product for all layers.
export function formula(layers) {
  let field = 1, step = 1;
  const terms = layers.map(([K, S]) => {
    const term = `(${K}\u00a0−\u00a01)·${step}`; // not broken
    field += (K - 1) * step;
    step *= S;
    return term;
  });
  return { field, step, text: ["1", ...terms].join(" + ") + (terms.length ? ` = ${field}` : "") };
}
