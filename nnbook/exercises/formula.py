"""Formulas that readers type into quizzes, evaluated safely. formula.js follows the same rules for the page.

    expression = term (("+" | "-") term)*          term   = factor (("*" | "/")? factor)*     2x1 means 2*x1
    factor     = "-" factor | power                power  = atom ("^" factor)?
    atom       = number | name | function "(" expression ("," expression)* ")" | "(" expression ")"
"""

import math
import re

from nnbook.language import _

FUNCTIONS = {
    "exp": math.exp, "log": math.log, "ln": math.log, "sqrt": math.sqrt, "abs": abs, "sin": math.sin, "cos": math.cos,
    "tanh": math.tanh, "sigmoid": lambda z: (1 + math.tanh(z / 2)) / 2,
    "sigma": lambda z: (1 + math.tanh(z / 2)) / 2, "sigmaprime": lambda z: (1 - math.tanh(z / 2) ** 2) / 4,  # σ′
    "relu": lambda z: max(z, 0.0), "max": max, "min": min,
}
GREEK_NAMES = "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
GREEK = dict(zip("αβγδεζηθκλμνξπρστφχψω", GREEK_NAMES.split(), strict=True))
SIGNS = {"·": "*", "×": "*", "∗": "*", "⋅": "*", "−": "-", "–": "-", "÷": "/", "∂": "d", "_": "", "**": "^"}
NUMBER = r"[0-9]+\.?[0-9]*(?:e[+-]?[0-9]+)?|\.[0-9]+(?:e[+-]?[0-9]+)?"  # \d would take the digits of every script
TOKEN = re.compile(rf"\s*(?:({NUMBER})|([^\W\d_][^\W_]*)|([-+*/^(),]))")
SPACES = re.compile("[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]")


OPERANDS = ("number", "name", "constant")
LONGEST = 200


class FormulaError(ValueError):
    """The text is no formula; args: (kind, detail) with kind "unreadable" or "name"."""


def half_width(text):
    """Full-width letters, digits and signs as ASCII, and the Chinese full stop, comma and space. Not NFKC: x² stays."""
    text = re.sub("[\uff01-\uff5e]", lambda m: chr(ord(m[0]) - 0xFEE0), text)
    return SPACES.sub(" ", re.sub("[。｡]", ".", text).replace("、", ","))


def normalise(text):
    """δ₂·x² as delta2*x^(2)."""
    text = half_width(text)
    for sign, plain in (GREEK | SIGNS).items():
        text = text.replace(sign, plain)
    text = re.sub("(sigma|sigmoid)['′’]", "sigmaprime", text, flags=re.I)
    text = re.sub("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: "^" + "".join("0123456789-"["⁰¹²³⁴⁵⁶⁷⁸⁹⁻".index(c)] for c in m[0]), text)
    return re.sub("[₀-₉]", lambda m: str("₀₁₂₃₄₅₆₇₈₉".index(m[0])), text)


def evaluate(text, variables):
    """Value of a formula; {name: number} are the variables. NaN where it is not defined; FormulaError if unreadable."""
    variables = {normalise(name): value for name, value in variables.items()}
    if len(text) > LONGEST:
        raise FormulaError("unreadable", text[LONGEST:])
    tokens = tokenize(normalise(text), variables)
    position = 0

    def peek():
        return tokens[position] if position < len(tokens) else ("end", "")

    def take(kind=None):
        nonlocal position
        token = peek()
        if kind and token[1] != kind:
            raise FormulaError("unreadable", token[1] or _("the end"))
        position += 1
        return token

    def expression():
        value = term()
        while peek()[1] in ("+", "-"):
            value = value + term() if take()[1] == "+" else value - term()
        return value

    def term():
        value = factor()
        while True:
            if peek()[1] == "/":
                take()
                value = divide(value, factor())
            elif peek()[1] in ("*", "(") or peek()[0] in ("name", "constant", "function") or (
                    peek()[0] == "number" and tokens[position - 1][0] != "number"):  # 1 000 is not 1 times 0
                if peek()[1] == "*":
                    take()
                value = value * factor()
            else:
                return value

    def factor():
        if peek()[1] in ("-", "+"):
            return -factor() if take()[1] == "-" else factor()
        base = atom()
        if peek()[1] != "^":
            return base
        take()
        return guarded(math.pow, base, factor())

    def atom():
        kind, token = take()
        if kind in ("number", "constant"):
            return float(token)
        if kind == "name":
            return float(variables[token])
        if kind == "function":
            take("(")
            arguments = [expression()]
            while peek()[1] == ",":
                take()
                arguments.append(expression())
            take(")")
            if len(arguments) != 1 and token not in ("max", "min"):
                raise FormulaError("unreadable", ",")
            return guarded(FUNCTIONS[token], *arguments) if len(arguments) > 1 or token not in ("max", "min") \
                else arguments[0]
        if token == "(":
            value = expression()
            take(")")
            return value
        raise FormulaError("unreadable", token or _("the end"))

    value = expression()
    if position < len(tokens):
        raise FormulaError("unreadable", peek()[1])
    return value


def guarded(function, *arguments):
    try:
        return float(function(*arguments))
    except (ValueError, ZeroDivisionError):
        return math.nan
    except OverflowError:
        return math.inf


def divide(a, b):
    return a / b if b else math.nan


def tokenize(text, variables):
    tokens, position = [], 0
    if not any(name != name.lower() for name in variables):
        text = text.lower()  # W1 can only mean w1
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise FormulaError("unreadable", text[position:].strip()[0])
        position = match.end()
        number, name, sign = match.groups()
        if number:
            tokens.append(("number", number))
        elif sign:
            tokens.append(("sign", sign))
        else:
            between = bool(tokens) and (tokens[-1][0] in OPERANDS or tokens[-1][1] == ")") and (
                len(name) > 1 or position < len(text))
            tokens += names(name, variables, between)
    return tokens


def names(text, variables, between=False):
    """One name, or several written together: delta2x1 is delta2 x1 if both are variables.

    between: something stands before and behind. There the letter x, if it is no variable, is the sign: 28x28, n x n.
    """
    if text in variables:
        return [("name", text)]
    if text in FUNCTIONS:
        return [("function", text)]
    if text in ("pi", "e"):
        return [("constant", repr(math.pi if text == "pi" else math.e))]
    if between and text[0] in "xX" and "x" not in variables:
        number = re.match("[0-9]*", text[1:])[0]
        rest = text[1 + len(number):]
        return [("sign", "*"), *([("number", number)] if number else []),
                *(names(rest, variables, bool(number)) if rest else [])]
    for known in sorted(variables, key=len, reverse=True):
        if known and text.startswith(known):
            try:
                return [("name", known), *names(text[len(known):], variables, True)]
            except FormulaError:
                continue
    raise FormulaError("name", text)


def points(count):
    """Five deterministic, generic values in (0.4, 2.1) for each of `count` variables."""
    return [[0.4 + 1.7 * ((7 * i + 3 * k + 1) * 0.6180339887498949 % 1) for i in range(count)] for k in range(5)]


def values(text, variables, where=()):
    """The formula at the test points; where: {variable: what it stands for}, as a1 for sigmoid(z1)."""
    found = []
    for point in points(len(variables)):
        given = dict(zip(variables, point, strict=True))
        for name in where:
            given[name] = evaluate(where[name], given)
        found.append(evaluate(text, given))
    return found


def equal(a, b):
    """Whether two lists of values are equal; where both are undefined tells nothing."""
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if math.isfinite(x) or math.isfinite(y)]
    return bool(pairs) and all(abs(x - y) <= 1e-9 * max(1.0, abs(y)) for x, y in pairs)
