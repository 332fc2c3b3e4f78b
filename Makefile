# Targets for people; `make` alone lists them.
# What is compiled is kept, whatever the shell says: the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo up test test-browser test-large test-postgresql check format measure measure-source measure-load measure-sheets prove faults mutants spreadsheets bad-files pictures clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-15s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[development]'
	@touch $(STAMP)

setup: $(STAMP) ## make .venv from the pinned versions

demo: $(STAMP) ## run the portal with a real programme and a local ASP Events
	@exec $(VENV)/bin/python -m demo

up: $(STAMP) ## run the portal for real use
	@exec $(VENV)/bin/portal up

# Two processes for each of two cores: much of a test's time is an answer waited for.
test: $(STAMP) ## run the tests, all but those in Chromium and the large ones
	$(VENV)/bin/python -m pytest -n 4 --dist loadfile --ignore tests/browser -m "not postgresql and not large"

test-browser: $(STAMP) ## run the tests in Chromium: the roads of an admin, and every page accessible and fitting
	$(VENV)/bin/python -m pytest -n auto --dist loadfile -m "not large" tests/browser

test-large: $(STAMP) ## run the large tests: real programmes whole, thousands of bad files, every fault
	$(VENV)/bin/python -m pytest -n auto --dist loadfile -m large

test-postgresql: $(STAMP) ## run every test that opens a database on a PostgreSQL that is started for it
	$(VENV)/bin/python tests/postgresql -n 4 --dist loadfile --ignore tests/browser -m "not sqlite and not large" $(TESTS)

check: $(STAMP) ## lint, formatting and types
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

format: $(STAMP) ## put the formatting right
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

measure: $(STAMP) ## print the numbers in docs/numbers.md
	$(VENV)/bin/python -m demo.measure
	$(VENV)/bin/python -m demo.measure_pages

measure-source: $(STAMP) ## measure pulls from Sessionboard, and its webhook
	$(VENV)/bin/python -m demo.measure_source

measure-load: $(STAMP) ## measure the log-in page under the worst load
	$(VENV)/bin/python -m demo.measure_load

measure-sheets: $(STAMP) ## measure how spreadsheets come in, and go out and in again
	$(VENV)/bin/python -m demo.measure_sheets

prove: $(STAMP) ## drive the sync through many more states than the tests do
	PORTAL_PROOF_EXAMPLES=$${EXAMPLES:-300} PORTAL_PROOF_STEPS=$${STEPS:-40} $(VENV)/bin/python -m pytest -q -p no:logging --hypothesis-seed=$${SEED:-random} tests/integration/test_sync_states.py

faults: $(STAMP) ## meet every fault there is, and write the table in docs/reliability.md
	$(VENV)/bin/python tests/faults

mutants: $(STAMP) ## break the sync in one place after the other, and count how often the tests notice
	$(VENV)/bin/python tests/mutants

spreadsheets: $(STAMP) ## compare what is read from sample spreadsheets with what is in them
	$(VENV)/bin/python tests/programme/sheet_comparison.py

bad-files: $(STAMP) ## bring in 5,000 broken and hostile files
	$(VENV)/bin/python -m pytest -q -m large tests/views/test_view_bad_files.py

pictures: $(STAMP) ## take the pictures that the README shows
	$(VENV)/bin/python tests/browser/pictures.py

clean: ## remove what the targets made
	rm -rf mutants $(VENV) demo-instance build dist *.egg-info
