# Each target does its own set-up: `.venv`, packages and, for tests, Node packages and a browser.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do command -v $$name && break; done)
STEPS ?= all
LAB_ARGS ?=
WHAT ?=

# The environment for $(1), a dependency group of pyproject.toml.
define environment
	@test -n "$(PYTHON)" || { echo "openrouter-nb: needs Python 3.11 or newer, and no python3 is on PATH" >&2; exit 1; }
	@$(PYTHON) tools/bootstrap.py $(1)
endef

.PHONY: help lab test check format generate js notebooks pictures frontends pythons bench lite lock clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

lab:  ## JupyterLab with a model that answers (OPENROUTER_NB_BROWSER=0: open no browser)
	$(call environment,lab)
	@exec .venv/bin/python tools/lab.py $(LAB_ARGS)

test:  ## everything that CI runs (STEPS=unit,js: only these)
	$(call environment,test)
	@exec .venv/bin/python tools/test.py $(STEPS)

check:  ## lint, formatting and types
	$(call environment,test)
	@exec .venv/bin/python tools/test.py lint,format,types

format:  ## write the formatting that `check` asks for
	$(call environment,test)
	@.venv/bin/ruff format && .venv/bin/ruff check --fix

generate:  ## write the export table of components from its modules
	$(call environment,test)
	@exec .venv/bin/python tools/exports.py

js:  ## build js/ into openrouter_nb/static, check and test it
	$(call environment,test)
	@exec .venv/bin/python tools/javascript.py

notebooks:  ## run the notebooks and keep their outputs (WHAT=02_chat: only that one)
	$(call environment,test)
	@exec .venv/bin/python tools/notebooks.py $(WHAT)

pictures:  ## take the pictures of the README
	$(call environment,test)
	@exec .venv/bin/python tools/pictures.py

frontends:  ## run the tests of the frontends and write docs/frontends.md
	$(call environment,test)
	@exec .venv/bin/python tools/frontends.py

pythons:  ## run the tests on each supported Python and write docs/pythons.md (WHAT=3.14,3.14t: only these)
	$(call environment,pythons)
	@exec .venv/bin/python tools/pythons.py $(WHAT)

bench:  ## the benchmarks
	$(call environment,bench)
	@exec .venv/bin/python tests/benchmarks/run.py

lite:  ## build a JupyterLite site in build/lite
	$(call environment,lite)
	@exec .venv/bin/python tools/lite.py

lock:  ## write both lock files anew (WHAT=python, WHAT=node: only one)
	@$(PYTHON) tools/lock.py $(WHAT)

clean:  ## remove everything that git does not keep
	rm -rf .venv build dist js/node_modules tests/artifacts .mypy_cache .pytest_cache .ruff_cache .hypothesis
