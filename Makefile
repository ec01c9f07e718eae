# Everything runs in .venv, which each target makes when it is missing. Needs only make and Python 3.11+.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test faults soak compiled lint bench peers docs setup clean
.DEFAULT_GOAL := help

help:
	@echo "make demo      crawl the sample site, build a knowledge base, export CSV"
	@echo "make test      run the tests"
	@echo "make faults    crawls and bulk readings that are killed or meet bad sites and inputs"
	@echo "make compiled  compile the extractor into build/compiled and see that it reads the same facts"
	@echo "make lint      style, types, import directions"
	@echo "make bench     speed beside jieba alone and bare Scrapy, memory; pages read right (PAGES=gold.jsonl);"
	@echo "               how far the confidence of facts can be believed (GOLD=folders)"
	@echo "make peers     what other extractors find of the gold, beside this one, in an environment of their own;"
	@echo "               GOLD=folders puts the figures into docs/comparison.md"
	@echo "make docs      bring the codebook and the examples in the README up to date"

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "unionkb needs Python 3.11 or newer; try: make PYTHON=python3.12 demo")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/dev: .venv/made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,web,data,scale]'
	@touch $@ .venv/run

setup: .venv/dev

demo: .venv/run
	$(BIN)/unionkb demo demo

test: .venv/dev
	$(BIN)/python -m pytest

faults: .venv/dev
	$(BIN)/python -m pytest -m faults tests/faults

soak: .venv/dev
	$(BIN)/python -m pytest -m soak tests/faults

# All of the package, with extract/ compiled; a folder for PYTHONPATH.
build/compiled: .venv/dev setup.py $(wildcard extract/*.py extract/lexicon/*.tsv)
	rm -rf $@
	UNIONKB_COMPILE=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $@ .
	@touch $@

compiled: build/compiled
	$(BIN)/python -m pytest -m compiled tests/compiled

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/run
	$(BIN)/python scripts/update_docs.py

bench: .venv/dev
	$(BIN)/python benchmarks/extract.py
	$(BIN)/python benchmarks/crawl.py
	$(BIN)/python benchmarks/pages.py $(PAGES)
	$(BIN)/python benchmarks/confidence.py $(GOLD)
	$(BIN)/python benchmarks/kb.py --articles 10000
	$(BIN)/python benchmarks/bulk.py

# What the project and its peers both need has the same version in both.
build/peers: benchmarks/peers.txt constraints.txt
	rm -rf $@
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r benchmarks/peers.txt
	@touch $@

peers: .venv/run build/peers
	$(BIN)/python benchmarks/peers.py $(GOLD) $(if $(GOLD),--write docs/comparison.md)

clean:
	rm -rf .venv build dist demo *.egg-info
