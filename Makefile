.PHONY: help install lock lint run import test quick quick-and-unit test-quick fuzz check simulate bench bench-quick package deploy roll-back behaviours operator cost openapi fmt clean
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
export CHROMIUM ?= /usr/bin/chromium
export PHP ?= /usr/bin/php
export PYTHONPATH := layers/guestlist/python:functions:.

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Checked before an environment is made: pip would fail later, at a dependency without a wheel for that Python.
SUPPORTED := import sys; v = '.'.join(map(str, sys.version_info[:3])); \
  sys.exit(0 if (3, 11) <= sys.version_info < (3, 15) else f'Guestlist needs Python 3.11 to 3.14; $(PYTHON) is {v}. Set PYTHON=…')

# The lock names every package with its hashes, so pip resolves nothing; extras, which pip refuses in this mode, are in it.
LOCKED := install --quiet --disable-pip-version-check --no-deps --require-hashes -r

.venv/installed: requirements-dev.txt
	@$(PYTHON) -c "$(SUPPORTED)"
	$(PYTHON) -m venv .venv
	$(BIN)/pip $(LOCKED) requirements-dev.txt
	@touch $@

.venv-bench/installed: requirements-bench.txt
	@$(PYTHON) -c "$(SUPPORTED)"
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip $(LOCKED) requirements-bench.txt
	@touch $@

# Versions that are locked stay, unless they are removed from the file or pyproject.toml asks for others.
LOCK := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
  --custom-compile-command 'make lock'

lock: ## Lock the dependencies of pyproject.toml with their hashes
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	$(LOCK) --group run --group test --output-file requirements-dev.txt
	$(LOCK) --group bench --output-file requirements-bench.txt

tests/engines/node_modules/.package-lock.json: tests/engines/package-lock.json .venv/installed
	cd tests/engines && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --ignore-scripts
	@touch $@

install: .venv/installed tests/engines/node_modules/.package-lock.json ## Install everything into this folder

check: install lint ## Lint and type-check
	@$(BIN)/python -m infra.console

$(CHROMIUM):
	@{ apt-get update && apt-get install --yes --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1 || \
	{ echo 'No $(CHROMIUM) here, and apt-get could not install it: the tests of the console need a Chromium, or CHROMIUM=…' >&2; exit 1; }

$(PHP):
	@{ apt-get update && apt-get install --yes --no-install-recommends php-cli; } >/dev/null 2>&1 || \
	{ echo 'No $(PHP) here, and apt-get could not install it: the tests of the snippets need a PHP, or PHP=…' >&2; exit 1; }

# Every test process would compile all sources anew, and so would every command and stack that tests start.
unexport PYTHONDONTWRITEBYTECODE

test quick quick-and-unit simulate bench bench-quick: export AWS_DEFAULT_REGION ?= eu-west-1

# The order is that of tests/conftest.py.
TOGETHER := --dist loadfile --no-loadscope-reorder

# More processes than cores, since many tests wait for an engine or a browser.
test: install $(CHROMIUM) $(PHP) ## Run every test
	@$(MAKE) -j 2 check quick
	$(BIN)/pytest -n 4 $(TOGETHER) --ignore tests/quick --ignore tests/upgrade

# Beside the linters, most of which use one core. In processes of their own: moto stands for AWS in all of a process.
# None of these tests waits, so more processes would only collect them once more each.
quick: install
	$(BIN)/pytest -n 2 $(TOGETHER) tests/quick tests/upgrade

fuzz: .venv/installed ## Send random requests and files to the code for SECONDS=… each; SEED=… replays a run
	@SEED='$(SEED)' FUZZ_SECONDS='$(or $(SECONDS),300)' $(BIN)/pytest -q -p no:cacheprovider --timeout 0 tests/quick/test_fuzz.py

# The loop for development: needs neither Node nor a browser nor a server. Erasures and the fuzzers, whose property
# tests take longer than all the rest, are left to `make test`.
test-quick: .venv/installed ## Lint, type-check, and run the unit tests and all handlers on moto
	@$(MAKE) -j 2 lint quick-and-unit

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

quick-and-unit: .venv/installed
	$(BIN)/pytest -q -n 2 --dist loadfile tests/unit tests/quick \
	  --ignore tests/unit/infra --ignore tests/quick/test_erasing.py --ignore tests/quick/test_fuzz.py

fmt: install ## Format the code and fix what ruff and biome can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@$(BIN)/python -m infra.console --format

run: .venv/installed ## Run the whole pipeline on this machine, at 127.0.0.1:8000 or PORT=…
	@$(BIN)/python -m infra.local

# Variables are passed through the environment, so that names may contain any character.
import: .venv/installed ## Import a file: FILE=friends.csv KIND=target_group GROUP=Friends; BASE=… and GUESTLIST_TOKEN for a stage
	@$(BIN)/python -m infra.cli --base "$${BASE:-http://127.0.0.1:$${PORT:-8000}}" import \
	  $${KIND:+--kind "$$KIND"} $${GROUP:+--group "$$GROUP"} $${MODE:+--mode "$$MODE"} \
	  $${EVENT:+--event "$$EVENT"} $${WHEN_FULL:+--when-full "$$WHEN_FULL"} $(ARGS) -- "$${FILE:?name the file: FILE=…}"

simulate: .venv/installed ## Play random histories and an on-sale on a model of DynamoDB: SEED=1 HOURS=1 (virtual)
	@$(BIN)/python -m tests.simulation --seed $(or $(SEED),1) --hours $(or $(HOURS),1)

bench: .venv/installed .venv-bench/installed ## Measure it beside its peers and the physical floor
	@$(BIN)/python -m tests.benchmarks

bench-quick: .venv/installed .venv-bench/installed ## The same with small sizes
	@$(BIN)/python -m tests.benchmarks --quick

package: .venv/installed ## Package for CloudFormation: build/template.json and its zips
	@$(BIN)/python -m infra.build

DEPLOY = $(BIN)/python -m infra.deploy --stage '$(or $(STAGE),$(error name the stage: STAGE=…))'
OPTIONS = $(if $(SENDER),--sender '$(SENDER)') $(if $(SENDER_DOMAIN),--sender-domain '$(SENDER_DOMAIN)') \
  $(if $(ALARMS),--alarm-address '$(ALARMS)') \
  $(if $(ADDRESS),--address '$(ADDRESS)') $(if $(CHECK_CLIENT),--check-client '$(CHECK_CLIENT)') \
  $(if $(FAST_READING),--fast-reading '$(FAST_READING)') \
  $(if $(DOMAIN),--domain '$(DOMAIN)') $(if $(CERTIFICATE),--certificate '$(CERTIFICATE)') $(ARGS)

deploy: .venv/installed ## Deploy a stage on AWS: STAGE=… SENDER=…; ARGS=--dry-run changes nothing
	@$(DEPLOY) $(OPTIONS)

roll-back: .venv/installed ## Return a stage on AWS to the release before: STAGE=…
	@$(DEPLOY) --roll-back

behaviours: .venv/installed ## List the numbered behaviours with their tests
	@$(BIN)/python -m infra.behaviours

operator: .venv/installed ## Administer a stage: make operator ARGS="--help"
	@$(BIN)/python -m infra.administration $(ARGS)

cost: .venv/installed ## Calculate what a stage costs, from infra/cost.toml
	@$(BIN)/python -m infra.cost

openapi: .venv/installed ## Regenerate the OpenAPI document and the stored schemas from the calls
	@$(BIN)/python -m infra.openapi
	@$(BIN)/python -m infra.core_schemas

clean: ## Remove what was built; what was installed and the local stack's state stay
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
