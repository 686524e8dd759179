"""Which of a cell's outputs a notebook stores, and the fingerprint that stands for those that nobody should see yet."""

import hashlib

import nbformat

STORED_TYPES = ("text/plain", "text/markdown", "text/latex")
FINGERPRINT = "output_sha256"  # metadata of a cell that prints what nobody reads before asking for it
ASKED_FOR = {"solution", "hide-output"}  # tags of such cells


def text_outputs(outputs):
    """Of a cell's outputs those that a diff should show."""
    kept = []
    for output in outputs:
        if output.output_type == "stream":
            if output.name == "stderr":
                continue
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += output.text
            else:
                kept.append(nbformat.v4.new_output("stream", name="stdout", text=output.text))
        elif output.output_type == "error":  # of a cell tagged raises-exception: its name and message
            kept.append(nbformat.v4.new_output("error", ename=output.ename, evalue=output.evalue, traceback=[]))
        else:
            data = {kind: text for kind, text in output.data.items() if kind in STORED_TYPES}
            if data:
                more = {"execution_count": 1} if output.output_type == "execute_result" else {}
                kept.append(nbformat.v4.new_output(output.output_type, data=data, **more))
    return kept


def fingerprint(outputs):
    """A few hexadecimal digits for the text of outputs, None where there is none."""
    told = [output.get("text") or output.get("evalue") or sorted(output.get("data", {}).items())
            for output in text_outputs(outputs)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16] if told else None


def is_solution(cell):
    return cell.cell_type == "code" and "solution" in cell.metadata.get("tags", [])


def is_asked_for(cell):
    """Whether its output is to be seen only by those who ask for it."""
    return cell.cell_type == "code" and bool(ASKED_FOR & set(cell.metadata.get("tags", [])))
