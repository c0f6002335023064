# Everything that is run here, locally and by .ci/run. `make` alone says what there is.
# Needs GNU make, Python 3.11 or newer with the venv module, and a package registry; nothing else from the network.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# uv resolves for every supported system at once, which pip cannot; only `make lock` uses it, in an environment of its own.
UV_VERSION := 0.13.9
# Only `make load` uses it, in an environment of its own: its pytest plugin and gevent are none of our tests' business.
LOCUST_VERSION := 2.47.0
LOAD_USERS ?= 20
LOAD_TIME ?= 60s
LOAD_PORT ?= 7871
# Left out of the locks: torch's own dependencies on NVIDIA hardware, gigabytes that hang on which torch wheel a machine
# gets (pip resolves them), and what is for Windows and WebAssembly alone.
NOT_LOCKED := ^(cuda-|nvidia-|triton==|colorama==|httpx2-jsfetch==)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help chat index update test check evals load release lock clean

help:  ## what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "  PYTHON=python3.12 makes the environment with another interpreter (3.11 or newer)."

chat: $(VENV)/.installed  ## the chat, at http://127.0.0.1:7860 (builds the index if it is missing or stale)
	@$(BIN)/python -m ui

index: $(VENV)/.installed  ## var/index, from corpus/
	@$(BIN)/python -m ingest build --corpus corpus --index var/index

update: $(VENV)/.installed  ## looks for new publications, fetches and builds; serves the build if the evals hold
	@$(BIN)/python -m ingest update --corpus corpus --index var/index

test: $(VENV)/.installed-dev  ## all tests
	@$(BIN)/python -m pytest

check: $(VENV)/.installed-dev  ## format, lint, types, direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# CHAT_MODEL comes from the environment or from make's own command line, which hands it on.
evals: $(VENV)/.installed-dev  ## the gate: quality on the question set against the floors; then CHAT_MODEL's, if it is set
	@$(BIN)/python -m evals gate
ifneq ($(CHAT_MODEL),)
	@$(BIN)/python -m evals chat
endif

# One address asks here for twenty people, so the limit by address is off.
load: $(VENV)/.installed  ## a chat of its own, asked by 20 users at once: no failure, p95 within 2 s (LOAD_USERS, LOAD_TIME)
	@set -e; tmp=$$(mktemp -d); trap 'kill $$served 2>/dev/null || true; rm -rf "$$tmp"' EXIT; \
	$(PYTHON) -m venv "$$tmp/venv"; "$$tmp/venv/bin/python" -m pip install --quiet "locust==$(LOCUST_VERSION)"; \
	REQUESTS_PER_MINUTE=0 FEEDBACK=0 QUESTION_LOG_FILE="$$tmp/questions" $(BIN)/python -m ui --port $(LOAD_PORT) & served=$$!; \
	until $(BIN)/python -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1])' \
	    http://127.0.0.1:$(LOAD_PORT)/readyz 2>/dev/null; do kill -0 $$served; sleep 1; done; \
	"$$tmp/venv/bin/locust" -f ui/load/locustfile.py --headless --only-summary --users $(LOAD_USERS) \
	    --spawn-rate $(LOAD_USERS) --run-time $(LOAD_TIME) --host http://127.0.0.1:$(LOAD_PORT)

# Each line must be green before the next one runs; nothing is committed or tagged.
release: $(VENV)/.installed-dev  ## VERSION=x.y.z: check, test, gate, report, version, changelog; stops at the first red
	@$(BIN)/python -m evals release check "$(VERSION)"
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory test
	@$(BIN)/python -m evals gate --keep "$(VERSION)" --raise --readme
	@mkdir -p var
	@$(BIN)/python -m evals report "$(VERSION)" --output "var/report-$(VERSION).html"
	@$(BIN)/python -m evals release write "$(VERSION)"

lock:  ## requirements.lock and requirements-dev.lock, anew from pyproject.toml (newest versions it allows)
	@set -e; tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; \
	$(PYTHON) -m venv "$$tmp/venv"; "$$tmp/venv/bin/python" -m pip install --quiet "uv==$(UV_VERSION)"; \
	resolve() { "$$tmp/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	    --no-header --no-annotate "$$@"; }; \
	resolve pyproject.toml | grep -Ev '$(NOT_LOCKED)' > "$$tmp/run"; \
	resolve pyproject.toml --extra dev --constraint "$$tmp/run" | grep -Ev '$(NOT_LOCKED)' > "$$tmp/all"; \
	mv "$$tmp/run" requirements.lock; \
	{ echo "-r requirements.lock"; grep -vxFf requirements.lock "$$tmp/all"; } > requirements-dev.lock; \
	wc -l requirements.lock requirements-dev.lock

clean:  ## removes the environment and the tools' caches; var/ stays, it holds the index and what the operator keeps
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: an environment is installed once per lock, so that a second `make chat` spends nothing on it.
$(VENV)/.installed: requirements.lock | $(BIN)/python
	@echo "Installing the packages of requirements.lock: a few minutes the first time" >&2
	@$(BIN)/python -m pip install --quiet -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock requirements.lock | $(BIN)/python
	@echo "Installing the packages of requirements-dev.lock: a few minutes the first time" >&2
	@$(BIN)/python -m pip install --quiet -r requirements-dev.lock
	@touch $(VENV)/.installed $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), expected Python 3.11 or newer (run: make PYTHON=python3.12 ...)" >&2; \
	    exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) has no venv module (on Debian and Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
