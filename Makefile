# The workbench in one command each. `make` alone lists them.
#
#   PORT=8000      port of `make run`
#   PYTHON=        the Python to use (3.11 or newer); found by itself when empty
#   CHROMIUM=      the Chromium or Chrome of the browser tests; found or installed when empty
#   ARGS=          passed on to pytest, for example: make test ARGS="tests/screening -x"

PORT ?= 8000
ARGS ?=
export PYTHON CHROMIUM

VENV_PYTHON = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test bench lint format types clean requirements

help:  ## list these targets
	@echo "Systematic-review workbench. Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: export WORKBENCH_DEMO = 1
run:  ## install what is missing, load the example review, serve on http://127.0.0.1:8000 (PORT=… to change)
	@sh scripts/venv.sh
	@$(VENV_PYTHON) manage.py migrate --verbosity 0
	@$(VENV_PYTHON) manage.py load_example
	@$(VENV_PYTHON) manage.py serve --port $(PORT)

test:  ## run every test, also those in a browser
	@sh scripts/test.sh $(ARGS)

bench:  ## compare speed and accuracy with other tools on this machine
	@sh scripts/venv.sh dev
	@$(VENV_PYTHON) benchmarks/run.py

lint:  ## check style and the direction of imports
	@sh scripts/venv.sh dev
	@$(VENV_PYTHON) -m ruff check --output-format concise .
	@$(VENV_PYTHON) -m ruff format --check --output-format concise .
	@.venv/bin/lint-imports

format:  ## rewrite the code in the house style
	@sh scripts/venv.sh dev
	@$(VENV_PYTHON) -m ruff check --fix-only --quiet .
	@$(VENV_PYTHON) -m ruff format .

types:  ## check the types of the rooms where a mistake is silent
	@sh scripts/venv.sh dev
	@$(VENV_PYTHON) -m mypy

requirements:  ## write requirements*.txt from requirements*.in: exact versions with hashes
	@sh scripts/venv.sh dev
	@sh scripts/requirements.sh

clean:  ## remove the virtual environment and all caches; never the data
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
