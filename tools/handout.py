"""Write the notebooks without their solutions, for a class: `make handout` fills _build/handout, zh/ in it in Chinese.

    python tools/handout.py [FOLDER]

Only the cells tagged `solution` go; stubs, hints and checks stay, so that students are still told what is wrong.
"""

import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent


def without_solutions(notebook):
    notebook.cells = [cell for cell in notebook.cells if "solution" not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def main(folder):
    for target, source in ((folder, ROOT / "chapters"), (folder / "zh", ROOT / "zh/chapters")):
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted(source.glob("*.ipynb")):
            nbformat.write(without_solutions(nbformat.read(path, 4)), target / path.name)
    print(f"The notebooks without solutions: {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/handout")
