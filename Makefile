# A fresh machine needs python3 (3.11 or newer), make and gcc. Everything else goes into .venv.
PYTHON ?= python3
VENV ?= .venv
# One more than two cores: tests wait for processes that they start.
WORKERS ?= 3
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
# As an installer leaves it, also where Python is told to keep no bytecode: processes that are started by the hundred.
COMPILE := $(PY) -m compileall -q src demo tools tests
GATED := src tests tools simulations benchmarks demo

.PHONY: help demo claim test lint types imports size unit wheel coverage bench faults torch validators docs web pictures browser lock clean
.NOTPARALLEL:

help:
	@echo "make demo      compare two models on real data, judge a plan, write a memo"
	@echo "make claim     make the demo's headline claim again from what its runs kept"
	@echo "make test      every check: lint, types, imports, sizes, tests, wheel"
	@echo "make coverage  the full table of the intervals' coverage, into docs/"
	@echo "make bench     Assay and its peers on the same work, into docs/"
	@echo "make faults    kill writing processes a thousand times and more"
	@echo "make web       build the web page from web/ into the package"
	@echo "make pictures  take the pictures of the documentation in a browser"
	@echo "make browser   install Chromium for the two above and for the tests, where it is missing"
	@echo "make torch     run the page about PyTorch, which is installed for it"
	@echo "make validators  check exported provenance with the validators of its forms"
	@echo "make docs      renew the generated pages of docs/"
	@echo "make lock      renew constraints.txt"
	@echo "make clean     remove what the above made, .venv included"

# --- The environment: a stamp each, renewed when the settings or the pins change -------------------------------
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Assay needs Python 3.11 or newer: make PYTHON=/path/to/python3 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "no virtual environment: on Debian, apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.demo: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt hatchling editables setuptools
	$(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[demo]'
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt hatchling editables setuptools
	$(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[dev]'
	@touch $@ $(VENV)/.demo

$(VENV)/.bench: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt hatchling editables setuptools
	$(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[bench]'
	@touch $@

$(VENV)/.web: $(VENV)/.dev web/package-lock.json
	$(PY) -m tools.web install
	@touch $@

# The browser's tests and pictures need Chromium, which no package registry of Python or Node has.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } \
		|| { echo "the browser's tests need Chromium: sudo apt-get install chromium"; exit 1; }

# --- What a user asks for --------------------------------------------------------------------------------------
demo: $(VENV)/.demo
	@$(COMPILE)
	$(PY) -m demo.run

claim: $(VENV)/.demo
	$(PY) -m demo.reproduce

test: lint types imports size unit wheel

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(VENV)/.dev
	$(PY) -m mypy -p tools
	$(PY) -m mypy

imports: $(VENV)/.dev
	$(VENV)/bin/lint-imports

size: $(VENV)/.dev
	$(PY) -m tools.size_gate $(GATED)

unit: $(VENV)/.dev $(VENV)/.web browser
	@$(COMPILE)
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n $(WORKERS) --dist worksteal

wheel: $(VENV)/.dev
	$(PY) -m tools.wheel_check

coverage: $(VENV)/.dev
	$(PY) -m simulations.run --full

bench: $(VENV)/.bench browser
	$(PY) -m benchmarks.run

faults: $(VENV)/.dev
	for round in 1 2 3 4 5; do $(PY) -m pytest -n $(WORKERS) -m hypothesis --hypothesis-profile=explore || exit 1; done
	ASSAY_ROUNDS=100 $(PY) -m pytest -n $(WORKERS) -m fault
	$(PY) -m tests.faults.kill_loop --rounds 1000
	$(PY) -m tests.faults.judge_loop --rounds 60
	$(PY) -m tests.faults.run_loop --rounds 300
	$(PY) -m tests.faults.serve_loop --rounds 30
	ASSAY_EXAMPLES=50 $(PY) -m pytest tests/server/test_schema.py
	ASSAY_TIMES=10 $(PY) -m pytest tests/faults/test_damage.py tests/readers/test_files.py
	$(PY) -m tests.faults.sync_loop --rounds 200
	$(PY) -m tests.faults.import_loop --rounds 200
	$(PY) -m tests.faults.sweep_loop --rounds 100

web: $(VENV)/.web
	$(PY) -m tools.web

pictures: $(VENV)/.web browser
	$(PY) -m tools.pictures

torch: $(VENV)/.dev
	$(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[torch]'
	$(PY) -m tools.pages docs/torch.md

validators: $(VENV)/.dev
	$(PY) -m tools.validators

docs: $(VENV)/.dev
	$(PY) -m tools.reference

lock: $(VENV)/.made
	$(PY) -m tools.lock

clean:
	rm -rf $(VENV) web/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo-out
