"""What maintainers run, on any system: `python tasks.py NAME`. On Linux and macOS, `make NAME` does the same.

book                 set up .venv, execute what changed, build _build/html/index.html
test                 set up .venv, run every test: style, unit, notebooks, book, site in browsers
check 04             all that one chapter can break: its tests, its widgets, its notebook, its page
page 04              build one chapter, serve it, and build it anew whenever a file is saved
live                 open the notebooks in JupyterLab
notebooks [04 …]     run all notebooks, or these, and store their text outputs in canonical form; the Chinese ones, too
zip, pdf             the book to take away: one archive, one PDF for each chapter
handout              the notebooks without their solutions, for a class
measure              what each page of the built book costs its readers
colab, oldest        run the notebooks live with Colab's versions, with the oldest ones
lock                 resolve requirements.lock and requirements.txt anew (needs uv)
clean                remove everything that was built
"""

import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / "_build"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CHAPTERS = ROOT / "chapters"
WORKERS = min(4, os.cpu_count() or 2)  # each has a browser or a kernel, of 300 MB
ENVIRONMENT = {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0",
               "PYTHONDONTWRITEBYTECODE": ""}  # dozens of processes would compile the same modules


def run(*command, stdout=None, **environment):
    """Run a command in the book's folder; end with its exit code if it fails."""
    done = subprocess.run(list(map(str, command)), cwd=ROOT, stdout=stdout, env=os.environ | ENVIRONMENT | environment)
    if done.returncode:
        sys.exit(done.returncode)


def python(*arguments, **environment):
    setup()
    run(PYTHON, *arguments, **environment)


def at_once(*works):
    """Several commands side by side, each a function and what it is called with."""
    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(*work) for work in works]:
            work.result()


def pytest(*arguments, workers=WORKERS, dist="worksteal", **environment):
    python("-m", "pytest", "-n", workers, "--dist", dist, *arguments, **environment)


def setup():
    """The environment of the book, as requirements.lock says; made anew when that changes."""
    stamp = VENV / ".done"
    needs = [ROOT / "requirements.lock", ROOT / "pyproject.toml"]
    if stamp.exists() and stamp.stat().st_mtime >= max(file.stat().st_mtime for file in needs):
        return
    if sys.version_info < (3, 11):  # noqa: UP036  this file runs before anything is installed
        sys.exit("Python 3.11 or newer is needed: make PY=python3.12 …")
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)]).returncode:
        sys.exit("No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv")
    pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    run(*pip, "--require-hashes", "-r", "requirements.lock")
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
    stamp.touch()


def chapters(names):
    """Paths of the chapters whose names begin with these numbers; of all if there are none."""
    found = [path for path in sorted(CHAPTERS.glob("*.ipynb"))
             if not names or any(path.stem.startswith(name) for name in names)]
    for name in names:
        if not any(path.stem.startswith(name) for path in found):
            sys.exit(f"there is no chapter {name!r}: write its number with two digits, such as 04")
    return found


def chinese(paths):
    """The Chinese notebooks of these chapters."""
    return [ROOT / "zh/chapters" / path.name for path in paths]


def both(paths):
    return [*paths, *chinese(paths)]


def execute(paths):
    python("tools/notebooks.py", "--executed", BUILD / "executed", *paths)


def sphinx(target=None, executed="executed"):
    """Build both editions from the executed notebooks, side by side; the Chinese one is moved into the English site."""
    target = target or ROOT
    site, guest = target / "_build/html", target / "_build/zh"
    shutil.rmtree(site / "zh", ignore_errors=True)  # no page of the English edition
    at_once((jupyter_book, ROOT, target, executed), (jupyter_book, ROOT / "zh", guest, f"{executed}/zh"))
    shutil.copytree(guest / "_build/html", site / "zh")
    python("tools/share_static.py", site)
    python("tools/translate.py", "--count")


def jupyter_book(source, target, executed):
    """Build one edition; a warning fails the build, after all of them were shown."""
    run(PYTHON.with_name("jupyter-book" + PYTHON.suffix), "build", "-q", "-W", "-n", "--keep-going", "--path-output",
        target, source, stdout=subprocess.DEVNULL,  # what needs attention comes on stderr
        NNLIB_EXECUTED=str(BUILD / executed))


def book():
    execute(both(chapters([])))
    sphinx()
    print(f"The book: {BUILD / 'html/index.html'}")


def site_tests(site, *arguments):
    pytest("-rs", "tests/site", *arguments, NNLIB_SITE=str(site))


def test():
    """One execution of each notebook serves nbval and the book that the browsers then look at."""
    setup()
    at_once((python, "tools/notebooks.py", "--check", *both(chapters([]))), (python, "-m", "ruff", "check", "."),
            (python, "-m", "mypy"))
    marks = [passed(name) for name in os.listdir(ROOT / "nnbook/widgets")]
    pytest("tests", "--ignore", "tests/site", workers=WORKERS + 1)  # they wait for frames a fifth of their time
    leave(marks)
    for folder in ("tested", "tested_site"):
        shutil.rmtree(BUILD / folder, ignore_errors=True)
    at_once((nbval, chapters([])), (compare, chapters([])))  # kernels wait much: two more fill the time
    shutil.copytree(BUILD / "tested", BUILD / "executed", dirs_exist_ok=True)  # `make book` need not run them again
    sphinx(BUILD / "tested_site", "tested")
    site_tests(BUILD / "tested_site/_build/html")


def nbval(paths):
    pytest("--nbval", "--nbval-cell-timeout", "120", "--nbval-save", BUILD / "tested", *paths, dist="loadfile",
           workers=WORKERS if len(paths) > 1 else 0)  # for one notebook the process itself


def compare(paths):
    """The same for the Chinese notebooks: they run anew, and each cell must print what is stored."""
    python("tools/notebooks.py", "--executed", BUILD / "tested", "--compare", *chinese(paths))


def check(number):
    start = time.perf_counter()
    (path,) = chapters([number])
    setup()
    at_once((python, "tools/notebooks.py", "--check", *both([path])), (python, "-m", "ruff", "check", "."))
    shown = [name for name in os.listdir(ROOT / "nnbook/widgets") if f"{name}(" in path.read_text("utf8")]
    marks = {name: passed(name) for name in shown if not passed(name).exists()}  # their tests read no chapter
    own = " or ".join([f"test_chapter_{path.stem[:2]}", path.stem, "test_repository", *marks])
    of_code = ["tests/chapters", "tests/test_repository.py", "tests/nnbook", "-k",
               f"({own}) and not (notebook_tool or fits_the_head)"]  # which no chapter breaks

    def its_pages():
        at_once((nbval, [path]), (compare, [path]))
        execute(both([p for p in chapters([]) if p != path]))  # as they are: only what nothing has executed yet runs
        for folder in ("chapters", "zh/chapters"):
            shutil.copy(BUILD / "tested" / folder / path.name, BUILD / "executed" / folder / path.name)
        sphinx()
        # Firefox and WebKit try the widgets' scripts, which no chapter breaks
        site_tests(BUILD / "html", "-k", f"{path.stem} and not Firefox and not WebKit")

    at_once((its_pages,), (pytest, *of_code))  # kernels and builds wait much: the tests fill the time
    leave(marks.values())
    print(f"chapter {number}: {time.perf_counter() - start:.0f} s")


def passed(widget):
    """The mark that is left when this widget's tests have passed with the code as it is now."""
    return BUILD / "passed" / f"{widget}-{code()}"


def leave(marks):
    for mark in marks:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


@functools.cache
def code():
    """All that the widgets' tests read, as a hash."""
    return digest("nnlib", "nnbook", "tests/conftest.py", "tests/nnbook", "tests/support", "tools",
                  "translations/zh_CN/words.po", "requirements.lock")[:16]


def digest(*names):
    """A hash of these files, and of all files in these folders."""
    found = hashlib.sha256()
    for name in names:
        for file in sorted([ROOT / name, *(ROOT / name).rglob("*")]):
            if file.is_file() and file.suffix != ".pyc":
                found.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return found.hexdigest()


def page(number):
    """Serve one chapter; build it anew at each save, and let the browser that shows it load it again."""
    (path,) = chapters([number])
    seen, built = 0, [0]

    class Server(SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=BUILD / "html")

        def log_message(self, *arguments):
            pass

        def do_GET(self):
            if self.path == "/_built":
                return self.answer(str(built[0]).encode(), "text/plain")
            file = BUILD / "html" / self.path.lstrip("/")
            if file.suffix == ".html" and file.is_file():
                return self.answer(file.read_bytes() + RELOAD, "text/html; charset=utf-8")
            super().do_GET()

        def answer(self, content, kind):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        while True:
            newest = max(file.stat().st_mtime for file in sources())
            if newest > seen:
                seen = newest
                try:
                    execute(both([path]))
                    sphinx()
                except SystemExit:
                    print("That did not work: mend it and save.")
                built[0] += 1
                print(f"http://127.0.0.1:{server.server_port}/chapters/{path.stem}.html (to stop: Ctrl+C)")
            time.sleep(0.5)


RELOAD = b"""<script>
let first;
setInterval(async () => {
  const built = await (await fetch("/_built")).text();
  if (first !== undefined && built !== first) location.reload();
  first = built;
}, 500);
</script>"""


def sources():
    """All that a page may depend on."""
    folders = [CHAPTERS, *(ROOT / name for name in ("nnlib", "nnbook", "_ext", "_static"))]
    return [*(file for folder in folders for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc"),
            *ROOT.glob("*.md"), *ROOT.glob("*.yml")]


def live(*options):
    """JupyterLab with the list of chapters as its first page, and without its question about news."""
    BUILD.mkdir(exist_ok=True)
    (BUILD / "start.md").write_text(start_page(), "utf8")
    python("-m", "jupyter", "lab", "--LabApp.default_url=/lab/tree/_build/start.md", *options,
           **lab_settings(BUILD / "jupyter"))


def lab_settings(folder):
    """The environment in which JupyterLab shows pages, not their Markdown, and does not ask whether one wants news.

    `--LabApp.news_url=None` does not keep it from asking; `?factory=` in an address leaves no place for a token.
    """
    file = folder / "labconfig" / "default_setting_overrides.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("""{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false},
                    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}}}""")
    others = os.environ.get("JUPYTER_CONFIG_PATH")
    return {"JUPYTER_CONFIG_PATH": os.pathsep.join([str(folder), *([others] if others else [])])}


def start_page():
    """The cards of the book's first page as a list of notebooks."""
    cards = re.findall(r'(?s)<a href="chapters/(\w+)\.html">.*?<b>\d+\. (.*?)</b> <span>(.*?)</span>',
                       (ROOT / "index.md").read_text("utf8"))
    lines = [f"1. [**{title}**](../chapters/{name}.ipynb) ([中文](../zh/chapters/{name}.ipynb)). {text}"
             for name, title, text in cards]
    return START.format("\n".join(lines))


START = """\
# Neural Network Foundations

{}

Open a chapter, then *Run → Run All Cells*: from then on its pictures move. Folded code (**⋯**) opens with a click;
solutions lie folded below their exercises. To stop a training: ■ in the toolbar.
"""


def notebooks(*names):
    python("tools/notebooks.py", "--run", *chapters(names))


def zip_():
    """The site, and what runs without internet: the notebooks, and a wheel of nnlib and nnbook."""
    for folder in ("html", "zh", ".doctrees"):  # pictures of earlier builds would be packed, too
        shutil.rmtree(BUILD / folder, ignore_errors=True)
    book()
    archive = shutil.make_archive(str(BUILD / "neural-network-foundations"), "zip", BUILD / "html")
    wheels = BUILD / "wheel"
    shutil.rmtree(wheels, ignore_errors=True)
    python("-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", wheels, unbuilt())
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as file:
        for wheel in wheels.glob("*.whl"):
            file.write(wheel, wheel.name)
        for path in both(chapters([])):
            file.write(path, f"notebooks/{'zh/' if 'zh' in path.parts else ''}{path.name}")
    print(f"The book as one file: {archive} (unpack, open index.html)")


def unbuilt():
    """This folder for pip: without what an earlier build left, or setuptools packs files that are deleted by now."""
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    return ROOT


def pdf():
    book()
    python("tools/print_book.py", BUILD / "html", BUILD / "pdf")


def handout():
    setup()
    python("tools/handout.py")


def measure():
    book()
    python("tools/measure_site.py")


def elsewhere(name):
    """The notebooks live in another environment than the book's: Colab's versions, or the oldest that are allowed."""
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "venv", folder)
    other = folder / PYTHON.relative_to(VENV)
    run(other, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", f"tests/environments/{name}.txt",
        "nbclient", "nbformat", unbuilt())
    run(other, "tests/environments/run_live.py", *chapters([]))


def lock():
    """From nothing: with an old lock in its place uv would keep the old versions."""
    uv = ["uv", "pip", "compile", "--universal", "--python-version", "3.11", "--no-annotate", "--no-header",
          "--no-emit-index-url", "--no-strip-extras", "--quiet", "--upgrade"]
    run(*uv, "--generate-hashes", "--extra", "notebooks", "--extra", "book", "--extra", "test", "pyproject.toml", "-o",
        "requirements.lock")
    locked = (ROOT / "requirements.lock").read_text("utf8").splitlines()
    BUILD.mkdir(exist_ok=True)
    pins = BUILD / "pins.txt"
    pins.write_text("\n".join(line.rstrip(" \\") for line in locked if "==" in line and line[0] != " "), "utf8")
    run(*uv, "--extra", "notebooks", "-c", pins, "pyproject.toml", "-o", BUILD / "runs.txt")
    (ROOT / "requirements.txt").write_text(
        "# What runs the notebooks, for pip, Binder and VS Code: the book's code, and all it needs as locked.\n-e .\n"
        + (BUILD / "runs.txt").read_text("utf8"), "utf8")


def clean():
    shutil.rmtree(BUILD, ignore_errors=True)


TASKS = {"setup": setup, "book": book, "test": test, "check": check, "page": page, "live": live,
         "notebooks": notebooks, "zip": zip_, "pdf": pdf, "handout": handout, "measure": measure,
         "colab": lambda: elsewhere("colab"),
         "oldest": lambda: elsewhere("oldest"), "lock": lock, "clean": clean}

if __name__ == "__main__":
    name, *arguments = sys.argv[1:] or ["help"]
    if name not in TASKS:
        sys.exit(__doc__)
    TASKS[name](*arguments)
