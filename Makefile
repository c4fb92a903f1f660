.DEFAULT_GOAL := help
.PHONY: help demo up down doctor install browser test check lint types imports drift format lock build clean

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/carehub-installed

help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## everything on this machine, with demo tenants and sign-ins
	@CAREHUB_DEMO=1 $(PY) -m carehub up

up: install ## the same without demo data
	@$(PY) -m carehub up

down: install ## stop what `make demo` or `make up` started elsewhere
	@$(PY) -m carehub down

doctor: install ## what is wrong here and how to mend it
	@$(PY) -m carehub doctor

install: $(STAMP) ## the Python environment, from the hashed lock

$(STAMP): requirements.lock pyproject.toml scripts/install.sh
	@sh scripts/install.sh $(VENV) $@

browser: ## a browser for the tests, when there is none
	@sh scripts/browser.sh

test: install browser ## every check and every test
	@$(MAKE) check
	@$(PY) -m pytest -n 2 --dist loadgroup

check: install ## lint, types, imports, catalogues, migration drift: under a minute
	@$(MAKE) -j2 lint types imports drift

lint:
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

types:
	@$(VENV)/bin/mypy

imports:
	@$(VENV)/bin/lint-imports --no-cache

drift:
	@$(PY) -m pytest tests/test_migrations.py tests/test_lock.py $(wildcard tests/test_catalogues.py)

format: install ## rewrite the sources as ruff wants them
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

lock: ## resolve requirements.lock anew (needs uv)
	@sh scripts/lock.sh

build: install ## the production frontend, if its inputs changed
	@$(PY) -m carehub build

clean: ## remove caches and builds; data and the environment stay
	@rm -rf .web .carehub-tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
