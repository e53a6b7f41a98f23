SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up down demo test faults machine check pre-commit migrations shell sh logs bench install

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Compiled once and out of the tree: without it every process compiles Django for ten seconds.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.tooling/pycache
unexport VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

# Docker when an engine answers (the client alone is not enough), else servers from wheels.
ENGINE = timeout 5 docker info >/dev/null 2>&1 && timeout 5 docker compose version >/dev/null 2>&1
ifneq ($(filter up down demo test machine check migrations shell sh logs bench,$(MAKECMDGOALS)),)
ifndef RUNTIME
RUNTIME := $(shell if $(ENGINE); then echo docker; else echo embedded; fi)
endif
ifeq ($(filter docker embedded,$(RUNTIME)),)
$(error RUNTIME is docker or embedded, not '$(RUNTIME)')
endif
endif

COMPOSE := DOCKER_USER=$(shell id -u):$(shell id -g) docker compose -f docker/local.yml
LOAD := settings="$$(python scripts/runtime.py env)" && set -a && eval "$$settings" && set +a
# Throw-away values of production's shape: the check reads settings and connects to nothing.
PRODUCTION := DJANGO_SETTINGS_MODULE=config.settings.production \
  SECRET_KEY="$$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
  IDENTITY_KEY="$$(python -c 'import secrets; print(secrets.token_hex(32))')" \
  FIELD_KEYS="check:$$(python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())')" \
  DATABASE_URL=postgresql://check:check@127.0.0.1:5432/check \
  CACHE_URL=redis://127.0.0.1:6379/1 BROKER_URL=redis://127.0.0.1:6379/0
COVERAGE := $(if $(filter 1,$(COV)),--cov --cov-branch --cov-report=term:skip-covered --cov-fail-under=97.5)
PYTEST = pytest --reuse-db -n auto --maxprocesses=12 --dist worksteal $(COVERAGE) $(ARGS)

ifeq ($(RUNTIME),docker)
RUN := $(COMPOSE) run --rm command
START := $(COMPOSE) up -d --wait postgres valkey mail && $(RUN) python manage.py migrate --noinput
GO := $(COMPOSE) up -d --wait
STOP := $(COMPOSE) down
TEST = $(COMPOSE) run --rm tests $(PYTEST)
DEMO = $(COMPOSE) exec -T $(if $(DATA),-e DATA="$(DATA)") $(if $(PLATFORM),-e PLATFORM="$(PLATFORM)") django python -m scripts.demo
URLS := python scripts/runtime.py urls --port 8000 && echo "  mails          http://127.0.0.1:8025/"
LOGS := $(COMPOSE) logs --tail 40
else
RUN := $(LOAD) &&
START := $(LOAD) && python manage.py migrate --noinput
GO := python scripts/runtime.py up
STOP := python scripts/runtime.py down
TEST = $(LOAD) && set -a && . .envs/.tests/.django && set +a && $(PYTEST)
DEMO = $(LOAD) && $(if $(DATA),DATA="$(DATA)") $(if $(PLATFORM),PLATFORM="$(PLATFORM)") python -m scripts.demo
URLS := python scripts/runtime.py urls
LOGS := python scripts/runtime.py logs
endif

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo "  Options: RUNTIME=docker|embedded (default: docker when an engine answers), ARGS=, COV=1, DATA=, PLATFORM=, KEEP=1"

install: ## Install uv if missing, Python 3.13 and the locked dependencies into .venv
	@scripts/runtime_install.sh

up: install ## Start everything in the background and print the addresses, the login and the API key
	@$(START) && $(GO) && $(URLS) && $(RUN) python manage.py seed_shop --print

down: install ## Stop everything; the data stays
	@$(STOP)

demo: install ## Play a return's whole life over HTTP, then stop (DATA=<csv> for your invoices, PLATFORM=shopify for a shop of that platform, KEEP=1 to go on running)
	@stop() { if [ "$(KEEP)" != 1 ]; then $(STOP); fi; }; trap stop EXIT; trap 'exit 130' INT; trap 'exit 143' TERM; \
	  $(START) && $(GO) && $(DEMO)

test: install ## Run the tests in parallel (ARGS="apps/orders -k refund"; COV=1 for the coverage bar)
	@$(TEST)

faults: install ## Kill, hold and cut off real processes, and judge what is left (ARGS="--short -k F-05"; --count, --hour)
	@python -m faults $(ARGS)

machine: install ## Play 200 random lives of the money, of 60 steps each, on the product and on paper
	@$(RUN) python -m faults.machine --no-controls $(ARGS)

check: install ## Lint, types, import contracts, house rules, migrations, deployment settings, Docker files
	ruff check .
	ruff format --check .
	mypy .
	lint-imports
	python scripts/house_rules.py
	python scripts/check_docker.py
	@echo 'manage.py makemigrations --check --dry-run'
	@$(RUN) python manage.py makemigrations --check --dry-run
	@echo 'manage.py check --deploy --fail-level WARNING'
	@$(PRODUCTION) python manage.py check --deploy --fail-level WARNING

pre-commit: install ## Run every hook on every file
	pre-commit run --all-files

migrations: install ## Write the migrations that the models ask for
	@$(RUN) python manage.py makemigrations $(ARGS)

shell: install ## Open a command line with the project's environment
	@$(RUN) bash

sh: install ## Open Django's shell with every model imported (what shell_plus did before Django 5.2)
	@$(RUN) python manage.py shell -v 2

logs: install ## Show the last lines of every log
	@$(LOGS)

bench: install ## Measure speed beside limits of the same run (ARGS="detail list --quick", ARGS=--accept, ARGS=--suite)
	@$(RUN) python -m benchmarks $(ARGS)
