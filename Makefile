# make book    set up .venv, execute the notebooks, build _build/html/index.html
# make test    set up .venv, run every test: style, unit, notebooks, book, site in a browser
# make zip, make pdf   the book to take away: one archive, one PDF for each chapter
# make measure   what each page of the built book costs its readers: bytes, seconds, foreign hosts, faults
# make live    open the notebooks in JupyterLab
# make notebooks   run all notebooks and store their text outputs in canonical form
# make colab, make oldest   run the notebooks live with Colab's versions, with the oldest ones
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

# -W -n: a warning fails the build; --keep-going: after all of them were shown. jupyter-cache does not see changes of
# nnlib and nnbook, so its cache is thrown away when a file of theirs is newer.
BUILD = $(BIN)/jupyter-book build -q -W -n --keep-going
NBVAL = $(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-cell-timeout 120

_build/.nnlib: $(shell find nnlib nnbook -type f -not -path '*/__pycache__/*')
	@rm -rf _build/.jupyter_cache && mkdir -p _build && touch $@

book: .venv/.done _build/.nnlib
	$(BUILD) .
	@echo "The book: _build/html/index.html"

# One execution of each notebook serves nbval and the book that the browser then tests.
test: .venv/.done
	$(BIN)/ruff check .
	$(BIN)/python tools/notebooks.py --check chapters/*.ipynb
	$(BIN)/python -m pytest -n 2 --dist loadfile tests --ignore tests/site
	rm -rf _build/executed _build/tested
	$(NBVAL) --nbval-save _build/executed chapters
	NNLIB_EXECUTED=$(CURDIR)/_build/executed $(BUILD) --path-output _build/tested .
	NNLIB_SITE=_build/tested/_build/html $(BIN)/python -m pytest -n 2 -rs tests/site

zip: book
	cd _build/html && $(CURDIR)/$(BIN)/python -m zipfile -c ../neural-network-foundations.zip .
	@echo "The book as one file: _build/neural-network-foundations.zip (unpack, open index.html)"

pdf: book
	$(BIN)/python tools/print_book.py _build/html _build/pdf

measure: book
	$(BIN)/python tools/measure_site.py

live: .venv/.done
	$(BIN)/jupyter lab chapters

notebooks: .venv/.done
	$(BIN)/python tools/notebooks.py --run chapters/*.ipynb

UV = uv pip compile --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url --quiet
lock: # needs uv
	$(UV) --generate-hashes --extra notebooks --extra book --extra test pyproject.toml -o requirements.lock
	grep -oE '^[a-z0-9_.-]+==[^\\]*' requirements.lock > _build/pins.txt
	{ echo '# What runs the notebooks, for pip, Binder and VS Code: nnlib itself, and all it needs as in requirements.lock.'; \
	  echo '-e .'; $(UV) --extra notebooks -c _build/pins.txt pyproject.toml; } > requirements.txt

# The notebooks, live, in other places: as students meet them on Colab, and with the oldest versions that are allowed.
# Colab has Python 3.12: make colab PY=python3.12
colab oldest:
	rm -rf _build/$@ && $(PY) -m venv _build/$@
	_build/$@/bin/python -m pip install -q --disable-pip-version-check -r tests/environments/$@.txt nbclient nbformat .
	_build/$@/bin/python tests/environments/run_live.py chapters/*.ipynb

clean:
	rm -rf _build

.PHONY: help book test zip pdf measure live notebooks lock colab oldest clean
