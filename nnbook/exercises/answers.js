// The rules of answers.py, for the page: the numbers that a text may mean, and texts as they are compared.
import { halfWidth } from "../widgets/core/typed.js";
import { evaluate } from "./formula.js";

const fractions = { "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
  "⅙": "1/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8" };
const scales = { k: 1e3, thousand: 1e3, "千": 1e3, "万": 1e4, M: 1e6, million: 1e6, "百万": 1e6, "亿": 1e8 };
const digits = { "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9 };
const units = { "十": 10, "百": 100, "千": 1000, "万": 10000, "亿": 100000000 };
const small = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " +
  "seventeen eighteen nineteen").split(" ");
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const spoken = Object.fromEntries([...small.map((word, k) => [word, k]), ...tens.map((word, k) => [word, 10 * k + 20])]);

const parts = "half third quarter fifth sixth seventh eighth ninth tenth".split(" ");

const said = `[${Object.keys(digits).join("")}${Object.keys(units).join("")}]+`;

const comma = thousands => { throw Object.assign(new Error("comma"), { kind: "comma", thousands }); };

export function numbers(text, unit, large) {
  text = halfWidth(text).trim().replace(/^(?:[\p{L}_][\p{L}\p{N}_]{0,12}\s*)?[=≈~]+\s*/u, "")
    .replace(/^(?:about|approximately|approx\.?|circa|大约|约等于|约)\s*/i, "").replace(/[ .]+$/, "");
  let match = /^(?:百分之(.+)|(.*?)\s*(?:%|percent|per cent))$/is.exec(text);
  if (match) {
    const x = one(match[1] || match[2]);
    return !large && unit !== "percent" ? [x / 100] : [x, x / 100];
  }
  match = /^(.*[0-9)])\s*(k|thousand|千|万|M|million|百万|亿)$/s.exec(text);
  if (!match) return [one(text)];
  const x = one(match[1]), scale = scales[match[2]];
  return unit && scale >= ({ thousand: 1e3, million: 1e6 }[unit] ?? 1e99) ? [x * scale, x] : [x * scale];
}

function one(text) {
  const spelt = fraction(text) ?? spelled(text);
  if (spelt !== undefined) return spelt;
  text = text.replace(/^([-+−]?)([0-9]+) ([0-9]+\/[0-9]+)$/, "$1($2+$3)").replace(
    /([0-9]+)?\s*([½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞])/g, (all, whole, part) => whole ? `(${whole}+${fractions[part]})` : `(${fractions[part]})`);
  let parts;
  try { return evaluate(grouped(text), {}); } catch (error) {
    parts = /^(.*[0-9)])\s*\p{L}(?:\p{L}|[\s-])*$/su.exec(text);
    if (error.kind === "comma" || !parts) throw error;
  }
  return evaluate(grouped(parts[1]), {});
}

function grouped(text) {
  if (/^[-+−]?[0-9]{1,3}(?:[ '’][0-9]{3})+(?:\.[0-9]+)?$/.test(text)) return text.replace(/[ '’]/g, "");
  if (!text.includes(",")) return text;
  if (/^[-+−]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|,[0-9]{3}\.[0-9]+)$/.test(text)) return text.replace(/,/g, "");
  if (/^[-+−]?[1-9][0-9]{0,2},[0-9]{3}$/.test(text)) comma(evaluate(text.replace(",", ""), {}));
  if (/^[-+−]?[0-9]*,[0-9]+$/.test(text)) return text.replace(",", ".");
  return comma();
}

function fraction(text) {
  let match = RegExp(`^(${said})分之(${said})$`).exec(text);
  if (match && han(match[1])) return han(match[2]) / han(match[1]);
  match = RegExp(`^(${said})点([${Object.keys(digits).join("")}]+)$`).exec(text);
  if (match) return +`${han(match[1])}.${[...match[2]].map(c => digits[c]).join("")}`;
  match = RegExp(`^(?:一?半|(${said})个?半)$`).exec(text);
  if (match) return 0.5 + (match[1] ? han(match[1]) : 0);
  match = RegExp(`^(?:(\\w+) and )?(?:(\\w+)[ -])?(${parts.join("|")}|halve)s?(?: of .*)?$`).exec(text.toLowerCase());
  const counts = word => word === undefined || ["a", "an", ...small].includes(word);
  if (!match || !counts(match[1]) || !counts(match[2])) return undefined;
  return (spoken[match[1]] ?? 0) + (spoken[match[2]] ?? 1) / (parts.indexOf(match[3].replace("halve", "half")) + 2);
}

function spelled(text) {
  const chinese = RegExp(`^${said}(?!${said}|分之|点[${Object.keys(digits).join("")}]|个?半)`).exec(text);
  if (chinese) return han(chinese[0]);
  if (/^[a-z]+ (point|and)( |$)/i.test(text)) return undefined;
  const heard = text.toLowerCase().split(/[\s-]+/).map(word => Object.keys(spoken).includes(word) ? spoken[word] : undefined);
  const [first, second = 0] = heard;
  return first >= 20 && second > 0 && second < 10 ? first + second : first;
}

function han(words) {
  const text = [...words];
  if (!text.some(c => c in units)) return +text.map(c => digits[c]).join("");
  let total = 0, part = 0, digit = 0;
  for (const c of text)
    if (c in digits) digit = digits[c];
    else if (units[c] < 10000) [part, digit] = [part + (digit || 1) * units[c], 0];
    else [total, part, digit] = [total + (part + digit) * units[c], 0, 0];
  return total + part + digit;
}

export const words = text => halfWidth(String(text)).toLowerCase().replace(/[-–_.,;:!?"'“”‘’()（）《》「」]/g, " ")
  .replace(/\s*[×✕*∗]\s*/g, " x ").replace(/([0-9]) ?x ?(?=[0-9])/g, "$1 x ")
  .replace(/(^|[^\p{L}\p{N}_])([\p{L}\p{N}])x(?=[\p{L}\p{N}](?:$|[^\p{L}\p{N}_]))/gu, "$1$2 x ")
  .split(/\s+/).filter(Boolean).join(" ").replace(/^(?:the|an|a) (?=.)/, "");
