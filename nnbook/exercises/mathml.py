"""TeX to MathML, as much of it as questions need: live front ends such as Colab and VS Code bring no typesetter along.

The built book does not come here: its formulas are typeset by KaTeX while it is built.
"""

import html
import re
import unicodedata

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S")
SPACES = {r"\,": "0.17em", r"\;": "0.28em", r"\ ": "0.3em", r"\quad": "1em", r"\qquad": "2em"}
ACCENTS = {r"\hat": "^", r"\bar": "¯", r"\tilde": "~", r"\vec": "→", r"\dot": "˙"}
IGNORED = {rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r")} | {
    r"\left", r"\right", r"\displaystyle", r"\limits", r"\!"}
ABOVE = dict(zip(ACCENTS, "\u0302\u0304\u0303\u20d7\u0307", strict=True))  # the same, on a letter of plain text
BELOW = str.maketrans("0123456789i", "₀₁₂₃₄₅₆₇₈₉ᵢ")
NAMES = ["sin", "cos", "tan", "tanh", "exp", "log", "ln", "max", "min", "argmax", "lim"]


def pairs(text):
    """{name: character} of names and characters in turn."""
    names = text.split()
    return dict(zip(names[::2], names[1::2], strict=True))


LETTERS = pairs(r"""
    \alpha α \beta β \gamma γ \delta δ \epsilon ϵ \varepsilon ε \zeta ζ \eta η \theta θ \iota ι \kappa κ \lambda λ
    \mu μ \nu ν \xi ξ \pi π \rho ρ \sigma σ \tau τ \phi ϕ \varphi φ \chi χ \psi ψ \omega ω \Gamma Γ \Delta Δ \Theta
    Θ \Lambda Λ \Sigma Σ \Phi Φ \Psi Ψ \Omega Ω \partial ∂ \infty ∞ \ell ℓ""")
SIGNS = pairs(r"""
    \cdot ⋅ \times × \pm ± \le ≤ \leq ≤ \ge ≥ \geq ≥ \ne ≠ \neq ≠ \approx ≈ \sim ∼ \equiv ≡ \propto ∝ \in ∈ \to →
    \rightarrow → \mapsto ↦ \Rightarrow ⇒ \sum ∑ \prod ∏ \int ∫ \nabla ∇ \top ⊤ \odot ⊙ \circ ∘ \ast ∗ \dots …
    \ldots … \cdots ⋯ \lfloor ⌊ \rfloor ⌋ \lceil ⌈ \rceil ⌉ \lvert | \rvert | \lVert ‖ \rVert ‖ \| ‖ \mid | \{ { \}
    } \% % \prime ′ - −""")


def plain_tex(text):
    """A text with its formulas in plain characters: ŷ, δ₁, ∂L/∂w₂ for `$\\hat y$`, `$\\delta_1$` and so on."""
    def character(match):
        command = match[1]
        if command in IGNORED:
            return ""
        if command in SPACES:
            return " "
        return command[1:] if command[1:] in NAMES else (LETTERS | SIGNS).get(command, command)

    def formula(match):
        tex = re.sub(rf"({'|'.join(map(re.escape, ABOVE))}) ?(\w)", lambda m: m[2] + ABOVE[m[1]], match[1])
        tex = re.sub(r"(\\[A-Za-z]+|\\.)(?:(?<=[A-Za-z]) (?=\w))?", character, tex)
        tex = re.sub(r"_\{?([0-9i])\}?(?![\w{])", lambda m: m[1].translate(BELOW), tex)
        return unicodedata.normalize("NFC", re.sub(" +", " ", tex))

    return re.sub(r"\$([^$]+)\$", formula, text)


def mathml(tex):
    """A formula as a <math> element. Raises ValueError that names what it does not know."""
    return f"<math>{Formula(tex).row()}</math>"


class Formula:
    def __init__(self, tex):
        self.tex, self.tokens, self.at = tex, list(TOKEN.finditer(tex)), 0

    def next(self):
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, wanted=None):
        token = self.next()
        if not token or wanted not in (None, token):
            raise ValueError(f"{wanted or 'something'} is missing in the formula {self.tex!r}")
        self.at += 1
        return token

    def row(self, *stops):
        """Everything up to one of the tokens."""
        parts = []
        while self.next() not in ("", *stops):
            parts.append(self.scripts())
        if stops and not self.next():
            raise ValueError(f"{stops[0]} is missing in the formula {self.tex!r}")
        return f"<mrow>{''.join(parts)}</mrow>"

    def scripts(self):
        """An atom with what stands above and below it."""
        under = self.next() == r"\underbrace"
        base, found = self.atom(), {}
        while self.next() in ("_", "^", "'"):
            kind = self.take()
            if kind == "'":
                found["^"] = found.get("^", "") + "<mo>′</mo>"
            else:
                found[kind] = found.get(kind, "") + self.atom()
        if not found:
            return base
        below = "munder" if under else "msub"
        name = {"_": below, "^": "msup", "_^": "msubsup"}["".join(k for k in "_^" if k in found)]
        scripts = "".join(f"<mrow>{found[k]}</mrow>" for k in "_^" if k in found)
        return f"<{name}>{base}{scripts}</{name}>"

    def atom(self):
        token = self.take()
        if token == "{":
            inner = self.row("}")
            self.take("}")
            return inner
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token in LETTERS or token.isalpha():
            return f"<mi>{LETTERS.get(token, token)}</mi>"
        if token in IGNORED:
            return ""
        if token in SPACES:
            return f'<mspace width="{SPACES[token]}"></mspace>'
        if token in SIGNS or not token.startswith("\\"):
            stretchy = ' stretchy="false"' if token in "()[]|" or token in (r"\lvert", r"\rvert") else ""
            return f"<mo{stretchy}>{html.escape(SIGNS.get(token, token))}</mo>"
        return self.command(token[1:])

    def command(self, name):
        if name in NAMES:
            return f"<mi>{name}</mi>"
        if name in ("frac", "tfrac", "dfrac"):
            return f"<mfrac>{self.atom()}{self.atom()}</mfrac>"
        if name == "sqrt":
            return f"<msqrt>{self.atom()}</msqrt>"
        if "\\" + name in ACCENTS:
            accent = ACCENTS["\\" + name]
            return f'<mover accent="true">{self.atom()}<mo stretchy="false">{accent}</mo></mover>'
        if name == "underbrace":
            return f"<munder>{self.atom()}<mo>⏟</mo></munder>"
        if name in ("mathbf", "boldsymbol"):
            return re.sub("<mi>([A-Za-z])</mi>", lambda m: f"<mi>{bold(m[1])}</mi>", self.atom())
        if name in ("text", "mathrm", "operatorname", "texttt"):
            start = self.tokens[self.at].end()
            self.take("{")
            self.row("}")
            end = self.tokens[self.at].start()
            self.take("}")
            return f"<mtext>{html.escape(self.tex[start:end])}</mtext>"
        if name == "begin":
            return self.matrix()
        raise ValueError(f"\\{name} in the formula {self.tex!r} is not known here")

    def matrix(self):
        start = self.at
        while self.take() != "}":
            pass
        kind = "".join(token[0] for token in self.tokens[start + 1:self.at - 1])
        left, right = {"bmatrix": "[]", "pmatrix": "()", "matrix": ("", "")}[kind]
        rows = [[]]
        while True:
            rows[-1].append(self.row("&", r"\\", r"\end"))
            token = self.take()
            if token == r"\end":
                break
            if token == r"\\":
                rows.append([])
        while self.take() != "}":
            pass
        table = "".join(f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in row)}</mtr>" for row in rows)
        return f"<mrow><mo>{left}</mo><mtable>{table}</mtable><mo>{right}</mo></mrow>"


def bold(letter):
    return chr((0x1D41A if letter.islower() else 0x1D400) + ord(letter.lower()) - ord("a"))
