"""How nbval runs the notebooks here: strictly, alone in an empty directory, with what it executed kept for the book."""

import copy
import functools
import json
import os
import tempfile
from pathlib import Path

import nbformat
import nbval.kernel
import nbval.plugin
import pytest

from tools.kernels import started
from tools.outputs import FINGERPRINT, fingerprint, is_asked_for

os.environ["NNLIB_STATIC"] = "1"  # notebooks run unattended: static widgets, silent progress bars
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # tests run side by side: its threads would wait for each other
NOT_COMPARED = ("image/png", "image/jpeg", "image/svg+xml", "text/html")  # made anew, not stored


class KernelInEmptyDirectory(nbval.plugin.RunningKernel):
    """A notebook must not depend on the files around it."""

    def __init__(self, kernel_name, cwd=None, **options):
        self.empty = tempfile.TemporaryDirectory()  # goes with the kernel
        super().__init__(kernel_name, cwd=self.empty.name, **options)

    def execute_cell_input(self, cell_input, allow_stdin=None):
        """As nbval, but with history: IPython looks there for the `;` that silences a cell's last value."""
        return self.kc.execute(cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)


nbval.plugin.RunningKernel = KernelInEmptyDirectory
# a kernel on this machine warns that it talks without encryption
start_kernel = functools.partial(nbval.kernel.start_new_kernel, extra_arguments=["--IPKernelApp.log_level=40"])
nbval.kernel.start_new_kernel = lambda *given, **options: started(lambda: start_kernel(*given, **options))


def pytest_addoption(parser):
    parser.addoption("--nbval-save", metavar="DIR", help="write the executed notebooks, pictures included, under DIR")


def pytest_collection_modifyitems(config, items):
    for item in items:
        if isinstance(item, nbval.plugin.IPyNbCell):
            item.parent.skip_compare = (*item.parent.skip_compare, *NOT_COMPARED)
            if config.option.nbval and item.cell.source.strip() and item.cell.execution_count is None:
                # nbval would run such a cell and compare nothing
                item.runtest = lambda item=item: item.raise_cell_error(
                    "This cell has no stored outputs to compare with: run `make notebooks`")
            elif is_asked_for(item.cell):
                item.options["check"] = False  # there is nothing to compare with but the fingerprint
                item.runtest = functools.partial(run_asked_for, item, item.runtest)


    if config.option.nbval:
        for file in dict.fromkeys(item.parent for item in items if isinstance(item, nbval.plugin.IPyNbCell)):
            last = max(k for k, item in enumerate(items) if item.parent is file)
            items[last + 1 : last + 1] = [
                *([Memory.from_parent(file, name="its kernel is small")] if STATUS.exists() else []),
                *([SecondRun.from_parent(file, name="every cell runs again")] if hasattr(os, "fork") else [])]


STATUS = Path("/proc/self/status")  # Linux


class Memory(pytest.Item):
    """Binder and hubs give a kernel 1 to 2 GB, and a browser with ten chapters keeps ten of them."""

    MEGABYTES = 350  # measured: at most 295; other versions of NumPy need a little more

    def runtest(self):
        status = Path("/proc", str(self.parent.kernel.km.provisioner.pid), "status").read_text()
        largest = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        assert largest < self.MEGABYTES * 1024, (
            f"{self.path.name} needs {largest // 1024} MB: `predict` keeps nothing, `model(x)` keeps all that backward "
            "would need")

    def reportinfo(self):
        return self.path, 0, f"{self.path.name}: its kernel is small"


class SecondRun(pytest.Item):
    """After the last cell of a notebook each one runs again: it must print what it printed the first time."""

    SECONDS = 0.3  # cells that take longer are not compared: training, mostly

    def runtest(self):
        cells = [cell for cell in self.parent.nb.cells if cell.cell_type == "code" and cell.source.strip()
                 and not {"setup", "solution", "runs-once"} & set(cell.metadata.get("tags", []))]
        kernel = self.parent.kernel
        helper = Path(__file__).parent / "tests" / "support" / "second_run.py"
        code = (f"exec(open({str(helper)!r}, encoding='utf8').read(), second_run := {{}})\n"
                f"import json; print(json.dumps(second_run['again'](get_ipython(), "
                f"{[cell.source for cell in cells]!r}, {self.SECONDS})))")
        message = kernel.kc.execute(code, store_history=False)
        printed = ""
        while True:
            reply = kernel.kc.get_iopub_msg(timeout=120)
            if reply["parent_header"].get("msg_id") != message:
                continue
            if reply["msg_type"] == "stream" and reply["content"]["name"] == "stdout":
                printed += reply["content"]["text"]
            if reply["msg_type"] == "error":
                raise AssertionError("\n".join(reply["content"]["traceback"]))
            if reply["msg_type"] == "status" and reply["content"]["execution_state"] == "idle":
                break
        changed = []
        for cell, now in zip(cells, json.loads(printed), strict=True):
            if now is None:
                continue
            before = "".join(output.text for output in cell.outputs if output.output_type == "stream")
            again = [nbformat.v4.new_output("stream", text=now)] if now else []
            same = fingerprint(again) == cell.metadata.get(FINGERPRINT) if is_asked_for(cell) else now == before
            if not same:
                changed.append(f"{cell.source[:200]}\n  said\n{before[:500]}\n  and now\n{now[:500]}")
        if changed:
            raise AssertionError("Run again after the whole notebook, these cells say something else, since a later "
                                 "cell has changed a name that they use:\n\n" + "\n\n".join(changed))

    def repr_failure(self, excinfo):
        return str(excinfo.value)

    def reportinfo(self):
        return self.path, 0, f"{self.path.name}: every cell runs again"


def run_asked_for(item, run):
    run()
    outputs = [nbformat.from_dict(dict(output)) for output in item.test_outputs or []]
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
    if any(output.get("name") == "stderr" for output in outputs):
        item.raise_cell_error("This cell writes to stderr:", "".join(texts))
    if fingerprint(outputs) != item.cell.metadata.get(FINGERPRINT):
        item.raise_cell_error("This cell does not print what it printed when it was stored; now it prints:",
                              "".join(texts))


def pytest_sessionfinish(session):
    folder = session.config.getoption("--nbval-save")
    outputs = {}
    for item in session.items if folder else ():
        if isinstance(item, nbval.plugin.IPyNbCell) and item.test_outputs is not None:
            outputs.setdefault(item.parent, {})[item.cell_num] = item.test_outputs
    for file, of_cell in outputs.items():
        from tools.notebooks import made_from

        target = Path(folder, file.path.relative_to(session.config.rootpath))
        target.parent.mkdir(parents=True, exist_ok=True)
        notebook = with_outputs(file.nb, of_cell)
        notebook.metadata["made_from"] = made_from(notebook)  # `make book` need not run it again
        nbformat.write(notebook, target)


def with_outputs(notebook, of_cell):
    notebook = copy.deepcopy(notebook)
    for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        cell.execution_count = number + 1
        cell.outputs = [nbformat.from_dict(dict(output)) for output in of_cell.get(number, [])]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number + 1
    return notebook
