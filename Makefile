.PHONY: help install run test check package behaviours openapi fmt clean
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
export AWS_DEFAULT_REGION ?= eu-west-1
export PYTHONPATH := layers/guestlist/python:functions:.

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check 'pip==26.2.1'
	$(BIN)/pip install --quiet --disable-pip-version-check --group run --group test -c constraints.txt
	@touch $@

tests/engines/node_modules/.package-lock.json: tests/engines/package-lock.json .venv/installed
	cd tests/engines && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --ignore-scripts
	@touch $@

install: .venv/installed tests/engines/node_modules/.package-lock.json ## Install everything into this folder

check: install ## Lint and type-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: check ## Run every test
	$(BIN)/pytest -n 2 --dist loadfile

fmt: install ## Format the code and mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

run: .venv/installed ## Run the whole pipeline on this machine, at 127.0.0.1:8000 or $$PORT
	@$(BIN)/python -m infra.local

package: .venv/installed ## Package for CloudFormation: build/template.json and its zips
	@$(BIN)/python -m infra.build

behaviours: .venv/installed ## Say which test shows which numbered behaviour
	@$(BIN)/python -m infra.behaviours

openapi: .venv/installed ## Write the OpenAPI document anew from the calls
	@$(BIN)/python -m infra.openapi

clean: ## Remove what was built; what was installed and the local stack's state stay
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
