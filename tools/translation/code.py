"""The words in a program: comments, docstrings, and strings that a reader sees. The program stays what it is."""

import ast
import io
import re
import textwrap
import tokenize
import unicodedata

WIDTH = 79
LITERAL = re.compile(r'([rRfFbBuU]*)("""|\'\'\'|"|\')((?:\\.|(?!\2).)*)\2', re.S)
PROGRAM = {"quiz", "astype", "index", "dataset", "getattr", "trained", "trained_go", "load", "einsum"}
MODULES = {"np", "data"}  # whoever calls these passes no words
OPTIONS = {"kind", "target", "surface", "padding", "play", "start", "end", "mode", "dtype", "distance",
           "style", "color", "cmap", "marker"}


def visible_strings(sources):
    """The texts of all strings that some place of the chapter may show to a reader."""
    return {text for source in sources for text, *_, shows in strings(source) if shows}


def translate_code(source, shown, t):
    """Replace the units of a cell; a cell that nothing changes in stays as it is, to the letter."""
    changes = []
    for start, end, render, unit, note in [*string_units(source, shown), *comment_units(source)]:
        new = t(unit, note)
        if new != unit:
            changes.append((start, end, render(new)))
    for start, end, new in sorted(changes, reverse=True):
        source = source[:start] + new + source[end:]
    return source


def strings(source):
    """(text, start, end, literals, node, parents, is it shown) of each string, adjacent literals taken as one."""
    tree = ast.parse(source)
    parent = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    offsets = [0]
    for line in source.split("\n"):
        offsets.append(offsets[-1] + len(line) + 1)
    lines = source.split("\n")

    def place(line, column):
        return offsets[line - 1] + len(lines[line - 1].encode()[:column].decode())

    for node in ast.walk(tree):
        if not (isinstance(node, ast.JoinedStr) or isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        above = []
        while not isinstance(above[-1] if above else node, ast.stmt):
            above.append(parent[above[-1] if above else node])
        if any(isinstance(other, ast.JoinedStr) for other in above):
            continue  # part of an f-string
        start, end = place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)
        literals = list(LITERAL.finditer(source[start:end]))
        is_f = any("f" in literal[1].lower() for literal in literals)
        text = "".join(literal[3] if "f" in literal[1].lower() or not is_f
                       else re.sub(r"[{}]", r"\g<0>\g<0>", literal[3]) for literal in literals)
        if literals[0][2] == '"""':
            text = " ".join(text.split())
        words = re.search(r"[A-Za-z]{2}", re.sub(r"\{[^{}]*\}|\\[a-z]+|\$[^$]*\$", "", text))
        if words and not is_program(node, above):
            yield text, start, end, literals, node, above, is_shown(text, node, above)


def is_program(node, above):
    """A name for the program alone: what quiz, NumPy, a loader or an option is given."""
    child = node
    for other in above:
        if isinstance(other, ast.Subscript) and child is other.slice:
            return False  # a key, whoever is then given what it leads to
        if isinstance(other, ast.Call) and child is not other.func:
            root = re.match(r"\w+", ast.unparse(other.func))
            name = other.func.attr if isinstance(other.func, ast.Attribute) else ast.unparse(other.func)
            if name in PROGRAM or root and root[0] in MODULES and not isinstance(child, ast.keyword):
                return True
        if isinstance(other, ast.keyword) and other.arg in OPTIONS:
            return True
        child = other
    return False


def is_shown(text, node, above):
    """Keys, compared values, defaults of one word, and names with an underscore show nothing by themselves."""
    if isinstance(above[0], ast.Expr):
        return True  # a docstring
    child = node
    for other in above:
        if isinstance(other, ast.Subscript) and child is other.slice or isinstance(other, ast.Compare | ast.arguments):
            return " " in text
        child = other
    printed = isinstance(above[0], ast.Call) and ast.unparse(above[0].func) == "print"
    return not re.fullmatch(r"\w*_\w*" if printed else r"\w*_\w*|[a-z]{2}", text)


def string_units(source, shown):
    for text, start, end, literals, node, above, _ in strings(source):
        if text not in shown:
            continue
        line = source[:start].count("\n")
        code = source.split("\n")[line].strip()
        kind = "docstring" if literals[0][2] == '"""' else "f-string" if isinstance(node, ast.JoinedStr) else "string"
        column = start - (source.rfind("\n", 0, start) + 1)
        write = writer(literals, column, source[end:].split("\n")[0], may_wrap(above))
        yield start, end, write, text, f"{kind}: {code}"


def may_wrap(above):
    """Inside brackets a string may be cut into adjacent ones."""
    return any(isinstance(other, ast.Call | ast.List | ast.Dict | ast.Set) for other in above[:-1])


def writer(literals, column, rest, wraps):
    """How the translated string is written: in the quotes it had, and cut where the line would be too long."""
    prefix = max((literal[1] for literal in literals), key=len)
    quote = literals[0][2]

    def write(new):
        if quote == '"""':
            lines = wrap(new, WIDTH - column - 3)
            return f'{prefix}"""' + ("\n" + " " * column).join(lines) + '"""'
        if not wraps:
            return prefix + quote + new + quote
        pieces = cut(new, WIDTH - column - len(prefix) - 2 - (len(rest) if len(rest) < 20 else 0))
        plain = prefix.replace("f", "")  # for pieces that compute nothing
        written = [(prefix if re.search("[{}]", piece) else plain) + quote + piece + quote for piece in pieces]
        return ("\n" + " " * column).join(written)

    return write


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text, columns):
    """Pieces of at most so many columns; placeholders and escapes stay whole, words too."""
    atoms = re.findall(r"\{\{|\}\}|\{(?:[^{}]|\{[^{}]*\})*\}|\\.|[A-Za-z0-9.%,]+ ?|.", text, re.S)
    pieces = [""]
    for atom in atoms:
        if pieces[-1] and width(pieces[-1] + atom) > columns:
            pieces.append("")
        pieces[-1] += atom
    return pieces


def wrap(text, columns):
    """Lines of at most so many columns; Chinese breaks anywhere but before a closing mark."""
    if width(text) == len(text):
        return textwrap.wrap(text, columns)
    lines = [""]
    for atom in re.findall(r"[!-~]+\s?|.[，。；：！？、）”》]*\s?", text):
        if width(lines[-1] + atom.rstrip()) > columns and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += atom
    return lines


def comment_units(source):
    """Comments; what fills several lines is one unit."""
    offsets = [0]
    for line in source.split("\n"):
        offsets.append(offsets[-1] + len(line) + 1)
    runs = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT or not re.search(r"[A-Za-z]{2}", token.string) or "noqa" in token.string:
            continue
        row, column = token.start
        alone = not token.line[:column].strip()
        words, start = token.string.lstrip("# "), offsets[row - 1] + column
        last = runs[-1] if runs else None
        if alone and last and last["alone"] and last["row"] == row - 1 and last["column"] == column:
            last |= {"row": row, "end": start + len(token.string), "text": f"{last['text']} {words}"}
        else:
            runs.append({"row": row, "column": column, "alone": alone, "start": start, "end": start + len(token.string),
                         "text": words, "code": token.line.strip()})
    for run in runs:
        def write(new, run=run):
            lines = wrap(new, WIDTH - run["column"] - 2) if run["alone"] else [new]
            return ("\n" + " " * run["column"]).join(f"# {line}" for line in lines)

        yield run["start"], run["end"], write, run["text"], f"comment: {run['code']}"
