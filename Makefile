# Everything is done by tasks.py, which also runs where there is no make: python tasks.py help
PY ?= python3

help:
	@$(PY) tasks.py help || true

TASKS = setup book test live zip pdf handout measure colab oldest lock clean
$(TASKS):
	@$(PY) tasks.py $@

# make check CHAPTER=04, make page CHAPTER=04, make notebooks [CHAPTER="04 05"]
check page notebooks:
	@$(PY) tasks.py $@ $(CHAPTER)

.venv/.done: setup

.DEFAULT_GOAL := help
.PHONY: help $(TASKS) check page notebooks .venv/.done
