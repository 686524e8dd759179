# make book    set up .venv, execute the notebooks, build _build/html/index.html
# make test    set up .venv, run every test: style, unit, notebooks, book, site in a browser
# make live    open the notebooks in JupyterLab
# make notebooks   run all notebooks and store their text outputs in canonical form
# make lock    resolve requirements.lock and requirements.txt anew
# make clean   remove everything that was built
.DEFAULT_GOAL := help
PY   ?= python3
BIN  := .venv/bin
export PYTHONUTF8 := 1
export PYTHONHASHSEED := 0

help:
	@grep -E '^# make' Makefile | cut -c3-

.venv/.done: requirements.lock pyproject.toml
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PY=python3.12 ..."; exit 1; }
	@$(PY) -m venv .venv || { echo "No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: help
