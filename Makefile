# Everything a newcomer needs: `make demo`, `make test`. The environment sets itself up.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON ?= python3

.PHONY: demo test check format run bench clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=constraints.txt $(BIN)/pip install -q -e '.[dev]'
	touch $(READY)

demo: $(READY) ## play a bundled incident and write its postmortem to demo-out/
	$(BIN)/scribe demo --out demo-out

check: $(READY) ## format, lint, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check ## everything: checks, then all tests
	$(BIN)/pytest -n auto

format: $(READY) ## mend what the formatter and the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

run: $(READY) ## connect to Slack with the settings of the environment or .env
	$(BIN)/scribe run

bench: $(READY) ## each benchmark against its floor, both in one run
	$(BIN)/python -m benchmarks

clean: ## the environment and everything made
	rm -rf $(VENV) demo-out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist
