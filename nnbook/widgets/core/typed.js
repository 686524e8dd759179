// What readers type, with any keyboard: full-width letters, digits and signs as ASCII, and the Chinese full stop, comma
// and space. Not NFKC, which would make x2 of x².

export const halfWidth = text => text
  .replace(/[\uff01-\uff5e]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
  .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]/g, " ").replace(/[。｡]/g, ".").replace(/、/g, ",");

export const fullWidth = text => text.replace(/[!-~]/g, c => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

// A number for a field or a cell: ０．５, 0,5, −1 and 3/4 are numbers, too; undefined if it is none.
export function readNumber(text) {
  const parts = halfWidth(text).trim().replace(/[−–]/g, "-").replace(",", ".").split("/");
  if (parts.length > 2 || parts.some(part => part.trim() === "")) return undefined;
  const value = parts.length > 1 ? parts[0] / parts[1] : +parts[0];
  return Number.isFinite(value) ? value : undefined;
}
