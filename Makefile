# Every command of the project. A fresh clone needs two: `make setup` and `make run` (the second calls the first).
PORT ?= 8000
ONLY ?=
ARGS ?=
PY := .venv/bin/python

export PYTHONUTF8 := 1

.PHONY: help setup setup-quiet setup-tests run demo test lint types format docs bench
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## environment, packages, optional programs
	@python=$$(tools/find-python) && "$$python" -m tools.setup

setup-quiet:
	@python=$$(tools/find-python) && "$$python" -m tools.setup --quiet

setup-tests:
	@python=$$(tools/find-python) && "$$python" -m tools.setup --tests --quiet

run: setup-quiet ## serve on 127.0.0.1 (PORT=8000); an empty database gets the demo organisation
	@VECHE_DEMO=$${VECHE_DEMO-1} VECHE_PUBLIC_URL=$${VECHE_PUBLIC_URL:-http://127.0.0.1:$(PORT)} \
	  $(PY) -m flask --app app serve --host 127.0.0.1 --port $(PORT)

demo: setup-quiet ## fill the database with the demo organisation (ARGS="--members 200 --records 5000")
	@$(PY) -m flask --app app seed demo $(ARGS)

test: setup-tests ## all tests: on SQLite, then on PostgreSQL (ARGS="-k numbering")
	@$(PY) -m tools.run_tests $(ARGS)

lint: setup-tests ## style and the direction of imports
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -c "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_logo=True))"

types: setup-tests ## types of the lower floors
	@$(PY) -m mypy

format: setup-tests ## rewrite the code in the house style
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

docs: setup-quiet ## regenerate docs/matrix.md and docs/workflows.md
	@$(PY) -m flask --app app docs

bench: setup-tests ## measure against the goals (ONLY=search); writes benchmarks/results.json
	@$(PY) -m benchmarks $(if $(ONLY),--only $(ONLY))
