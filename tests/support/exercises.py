"""The checks of a chapter's exercises, taken from its notebook, so that tests can hand in wrong answers."""

from .chapters import cells


def checks(chapter, *needed):
    """The names that some cells of a chapter define: its imports, its checks, and what some checks are handed.

    chapter: "05_backpropagation"; needed: beginnings of the cells that the checks use.
    """
    names = {}
    for wanted in (("import ", "from "), "from nnbook.exercises.checks", *needed):
        found = [source for source, *_ in cells(chapter) if source.startswith(wanted)]
        assert found, f"no cell of {chapter} begins with {wanted!r}"
        exec(compile(found[0], f"{chapter}: {wanted}", "exec"), names)
    return names


def said(capsys, check, *answer):
    """What the check of an exercise says to an answer."""
    check(*answer)
    return capsys.readouterr().out
