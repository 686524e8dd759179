// What zlib.compress wrote, as bytes: for browsers without DecompressionStream (RFC 1950 and 1951).

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
  4097, 6145, 8193, 12289, 16385, 24577];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]; // of the lengths of the code lengths

// Huffman table of code lengths: how many codes have each length, and the symbols in the order of their codes.
function table(lengths) {
  const counts = new Uint16Array(16), next = new Uint16Array(16), symbols = new Uint16Array(lengths.length);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  for (let k = 1; k < 16; k++) next[k] = next[k - 1] + counts[k - 1];
  lengths.forEach((length, symbol) => { if (length) symbols[next[length]++] = symbol; });
  return { counts, symbols };
}

const fill = (...runs) => runs.flatMap(([count, value]) => new Array(count).fill(value));
const fixed = [table(fill([144, 8], [112, 9], [24, 7], [8, 8])), table(fill([30, 5]))];

export function inflate(data) {
  let at = 2, buffer = 0, held = 0, result = new Uint8Array(4 * data.length), size = 0;
  const bits = count => {
    while (held < count) { buffer |= data[at++] << held; held += 8; }
    const value = buffer & (1 << count) - 1;
    buffer >>>= count;
    held -= count;
    return value;
  };
  const symbol = ({ counts, symbols }) => {
    let code = 0, first = 0, index = 0;
    for (let length = 1; length < 16; length++) {
      code |= bits(1);
      const count = counts[length];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = first + count << 1;
      code <<= 1;
    }
    throw new Error("the frames are damaged");
  };
  const room = more => {
    if (size + more <= result.length) return;
    const larger = new Uint8Array(2 * (size + more));
    larger.set(result);
    result = larger;
  };
  const tables = () => {
    const [literals, distances, codes] = [bits(5) + 257, bits(5) + 1, bits(4) + 4], short = new Array(19).fill(0);
    for (let k = 0; k < codes; k++) short[ORDER[k]] = bits(3);
    const packed = table(short), lengths = [];
    while (lengths.length < literals + distances) {
      const s = symbol(packed);
      if (s < 16) lengths.push(s);
      else if (s === 16) lengths.push(...fill([bits(2) + 3, lengths[lengths.length - 1]]));
      else lengths.push(...fill([s === 17 ? bits(3) + 3 : bits(7) + 11, 0]));
    }
    return [table(lengths.slice(0, literals)), table(lengths.slice(literals))];
  };
  for (let last = 0; !last;) {
    last = bits(1);
    const kind = bits(2);
    if (!kind) { // stored as it is
      at -= held >> 3;
      buffer = held = 0;
      const length = data[at] | data[at + 1] << 8;
      room(length);
      result.set(data.subarray(at + 4, at + 4 + length), size);
      at += 4 + length;
      size += length;
      continue;
    }
    const [literals, distances] = kind === 1 ? fixed : tables();
    for (let s = symbol(literals); s !== 256; s = symbol(literals)) {
      room(258);
      if (s < 256) {
        result[size++] = s;
        continue;
      }
      const l = s - 257, length = LENGTHS[l] + bits(l < 8 || l === 28 ? 0 : (l >> 2) - 1);
      const k = symbol(distances), back = DISTANCES[k] + bits(k < 4 ? 0 : (k >> 1) - 1);
      for (let n = length; n; n--, size++) result[size] = result[size - back];
    }
  }
  return result.subarray(0, size);
}
