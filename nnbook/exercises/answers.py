"""What readers type as a number: with any keyboard, and in all the ways in which people write it.

answers.js follows the same rules for the page; tests/nnbook/exercises/answers.tsv holds both to them.
"""

import re

from nnbook.exercises import formula
from nnbook.exercises.formula import half_width

FRACTIONS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
             "⅙": "1/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"}
SCALES = {"k": 1e3, "thousand": 1e3, "千": 1e3, "万": 1e4, "M": 1e6, "million": 1e6, "百万": 1e6, "亿": 1e8}
HAN = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
HAN_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "亿": 100000000}
SAID = f"[{''.join(HAN)}{''.join(HAN_UNITS)}]+"
SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: k for k, word in enumerate(SMALL)} | {word: 10 * k for k, word in enumerate(TENS, 2)}
PARTS = ["half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]  # a 2nd, a 3rd …


class Comma(ValueError):
    """A comma that may stand for thousands or for a decimal point; args: the number if it means thousands, or None."""


def numbers(text, unit="", large=False):
    """The numbers that a text may mean, likeliest first.

    unit:  what the question speaks of: "percent", "thousand", "million" or "".
    large: whether the answer is above 1, so that 92 % may mean 92.

    Raises formula.FormulaError if it is no number, Comma if a comma makes it ambiguous.
    """
    text = half_width(text).strip()
    text = re.sub(r"^(?:[^\W\d]\w{0,12}\s*)?[=≈~]+\s*", "", text)  # w = 1.4, ≈ 5.2
    text = re.sub(r"^(?:about|approximately|approx\.?|circa|大约|约等于|约)\s*", "", text, flags=re.I).rstrip(" .")
    if match := re.fullmatch(r"百分之(.+)|(.*?)\s*(?:%|percent|per cent)", text, re.I | re.S):
        x = one(match[1] or match[2])
        return [x / 100] if not large and unit != "percent" else [x, x / 100]
    if match := re.fullmatch(r"(.*[0-9)])\s*(k|thousand|千|万|M|million|百万|亿)", text, re.S):
        x, scale = one(match[1]), SCALES[match[2]]
        return [x * scale, x] if unit and scale >= {"thousand": 1e3, "million": 1e6}.get(unit, 1e99) else [x * scale]
    return [one(text)]


def one(text):
    """The number that this text is, without percent and thousands."""
    for read in (fraction, spelled):
        if (value := read(text)) is not None:
            return value
    text = re.sub(r"^([-+−]?)([0-9]+) ([0-9]+/[0-9]+)$", r"\1(\2+\3)", text)  # 1 1/2
    text = re.sub(f"([0-9]+)?\\s*([{''.join(FRACTIONS)}])",
                  lambda m: f"({m[1]}+{FRACTIONS[m[2]]})" if m[1] else f"({FRACTIONS[m[2]]})", text)
    try:
        return formula.evaluate(grouped(text), {})
    except formula.FormulaError:
        parts = re.fullmatch(r"(.*[0-9)])\s*[^\W\d_](?:[^\W\d_]|[\s-])*", text, re.S)  # 56 parts
        if not parts:
            raise
    return formula.evaluate(grouped(parts[1]), {})


def grouped(text):
    """1 000 and 1,000,000 without what groups their digits, 0,92 with a point."""
    if re.fullmatch(r"[-+−]?[0-9]{1,3}(?:[ '’][0-9]{3})+(?:\.[0-9]+)?", text):
        return re.sub("[ '’]", "", text)
    if "," not in text:
        return text
    if re.fullmatch(r"[-+−]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|,[0-9]{3}\.[0-9]+)", text):
        return text.replace(",", "")
    if re.fullmatch(r"[-+−]?[1-9][0-9]{0,2},[0-9]{3}", text):
        raise Comma(formula.evaluate(text.replace(",", ""), {}))
    if re.fullmatch(r"[-+−]?[0-9]*,[0-9]+", text):
        return text.replace(",", ".")
    raise Comma(None)


def fraction(text):
    """三分之二, 零点九, 两个半, two thirds, one and a half: the number that these words say; None if they say none."""
    if match := re.fullmatch(f"({SAID})分之({SAID})", text):
        return han(match[2]) / han(match[1]) if han(match[1]) else None
    if match := re.fullmatch(f"({SAID})点([{''.join(HAN)}]+)", text):
        return float(f"{han(match[1]):.0f}.{han(match[2]):0{len(match[2])}.0f}")
    if match := re.fullmatch(f"一?半|({SAID})个?半", text):
        return 0.5 + (han(match[1]) if match[1] else 0)
    names = "|".join(PARTS)
    match = re.fullmatch(rf"(?:(\w+) and )?(?:(\w+)[ -])?({names}|halve)s?(?: of .*)?", text.lower())
    if not match or not {match[1], match[2]} <= {None, "a", "an", *SMALL}:
        return None
    whole, many = (WORDS.get(word, other) for word, other in ((match[1], 0), (match[2], 1)))
    return whole + many / (PARTS.index(match[3].replace("halve", "half")) + 2)


def spelled(text):
    """五十六, fifty-six: the number that these words say, alone or before a unit; None if they say none."""
    if match := re.match(f"{SAID}(?!{SAID}|分之|点[{''.join(HAN)}]|个?半)", text):
        return han(match[0])
    words = re.split(r"[\s-]+", text.lower())
    if words[0] not in WORDS or words[1:2] in (["point"], ["and"]):
        return None
    first, second = WORDS[words[0]], WORDS.get(words[1], 0) if len(words) > 1 else 0
    return float(first + second if first >= 20 and 0 < second < 10 else first)


def han(text):
    if not any(c in HAN_UNITS for c in text):  # 一四六一, digit by digit
        return float("".join(str(HAN[c]) for c in text))
    total = part = digit = 0
    for c in text:
        if c in HAN:
            digit = HAN[c]
        elif HAN_UNITS[c] < 10000:
            part, digit = part + (digit or 1) * HAN_UNITS[c], 0
        else:
            total, part, digit = total + (part + digit) * HAN_UNITS[c], 0, 0
    return float(total + part + digit)


def words(text):
    """A text as it is compared: capitals, spaces, hyphens and full stops do not matter, nor whether n×n is n x n."""
    text = re.sub(r"[-–_.,;:!?\"'“”‘’()（）《》「」]", " ", half_width(str(text)).lower())
    text = re.sub(r"\s*[×✕*∗]\s*", " x ", text)
    text = re.sub(r"([0-9]) ?x ?(?=[0-9])", r"\1 x ", text)
    text = re.sub(r"\b([^\W_])x(?=[^\W_]\b)", r"\1 x ", text)
    return re.sub("^(?:the|an|a) (?=.)", "", " ".join(text.split()))
