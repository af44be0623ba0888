# Kantor. `make demo` runs a contest on this machine; `make test` runs the tests. Both set up all they need.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m
ARGS ?=

# Compiled modules are kept, whatever the shell says: each worker of the tests, and each bot that they start, would compile all of them anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo quick test static check check-all check-postgres check-http check-node check-official check-peers format bench peer load soak faults lock wheel sbom check-train train

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(if $(findstring --postgres,$(ARGS)),.venv/dev.stamp,.venv/runtime.stamp) ## a whole contest in a sandbox workspace in your browser: no account anywhere (ARGS=--reset starts anew, ARGS=--postgres: on PostgreSQL)
	@$(RUN) bot demo $(ARGS)

# More workers than the two cores that this is made for: many tests wait longer than they work.
WORKERS := 3
PYTEST := $(RUN) pytest -n $(WORKERS) --dist worksteal

quick: static ## format, lint, types, import contracts, and the unit tests that start no processes
	$(PYTEST) -m "not slow and not processes" tests/unit tests/architecture $(ARGS)

test: .venv/dev.stamp ## the tests, in a real browser too (ARGS="-k words" picks some)
	@$(RUN) tests.browser
	$(PYTEST) -m "not slow" $(ARGS)

static: .venv/dev.stamp ## format, lint, types, import contracts, and what could be attacked (bandit, hadolint)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r bot handlers judge models migrations
	$(BIN)/hadolint Dockerfile

check: static ## all that is static, the tests, and how much of the code the unit tests alone cover
	@$(RUN) tests.browser
	$(PYTEST) -m "not slow" --ignore=tests/unit
	$(PYTEST) -m "not slow" tests/unit --cov --cov-report=term:skip-covered --cov-fail-under=$(COVERAGE)

check-postgres: .venv/dev.stamp ## the scenarios and the use cases once more, on PostgreSQL (KANTOR_TEST_POSTGRES=URL: on that server)
	KANTOR_TEST_DATABASE=postgresql $(PYTEST) -m "not slow" tests/scenario tests/unit/usecases $(ARGS)

check-http: .venv/dev.stamp ## the scenarios once more, over signed HTTP in the place of Socket Mode
	KANTOR_TEST_TRANSPORT=http $(PYTEST) -m "not slow" tests/scenario $(ARGS)

check-all: check check-postgres check-http check-node check-train ## all of it, and what is slow by nature (docs/checks.md says what)
	$(PYTEST) -m slow

COVERAGE := 85

check-node: .venv/dev.stamp tests/node/node_modules/.package-lock.json ## the sandbox and all that Kantor sends, held against Slack's JavaScript (needs Node.js)
	$(RUN) tests.node.check

check-official: .venv/dev.stamp ## the sandbox held against Slack's official files (SAMPLES=FOLDER; docs/checks.md says where to get them)
	@test -n "$(SAMPLES)" || { echo "Say where Slack's files are: make check-official SAMPLES=FOLDER (docs/checks.md says where to get them)."; exit 1; }
	$(RUN) tests.official.slack $(SAMPLES)

check-train: .venv-train/train.stamp ## the whole training on a tiny made-up corpus, killed half way and resumed (a minute)
	$(TRAIN) tests.training.check

train: .venv-train/train.stamp ## train the AI judge anew (CORPUS=folder or zip with corpus.csv; a killed run goes on where it was)
	@test -n "$(CORPUS)" || { echo "Say where the corpus is: make train CORPUS=FOLDER-OR-ZIP (judge/weights/CARD.md says what is in it)."; exit 1; }
	$(TRAIN) judge.training.fit --corpus $(CORPUS) --out judge/weights --scale $(SCALE)

TRAIN := .venv-train/bin/python -m
SCALE := 1.2

check-peers: .venv/dev.stamp ## other people's Slack apps, unchanged, in the sandbox (needs Node.js and PyPI; APP=FOLDER: your own Bolt app)
	$(RUN) tests.peers.check $(APP)

format: .venv/dev.stamp ## format the code, and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# As in the bot: one thread for arithmetic.
bench: export OPENBLAS_NUM_THREADS := 1
bench: .venv/dev.stamp ## measure speed: ratios against a stated peer in the same run
	$(RUN) tests.bench.run $(ARGS)

peer: .venv-peer/peer.stamp ## the published AI judge's libraries (torch), so that `make bench` can hold ours against it

load: .venv/dev.stamp ## hundreds of people at once: acks, lost and doubled ratings, uploads a second (ARGS="--only a,b", see docs/load.md)
	$(RUN) tests.load $(ARGS)

soak: .venv/dev.stamp ## a contest of four weeks and 200 people on one clock that is moved on, in less than an hour (ARGS=--smoke: three days, few people)
	$(RUN) tests.soak $(ARGS)

faults: .venv/dev.stamp ## break what a deployment stands on, one thing after the other: what is lost, doubled, told (ARGS="--only a,b", see docs/reliability.md)
	$(RUN) tests.faults $(ARGS)

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras

lock: ## make the locks anew from pyproject.toml and tests/node/package.json (needs uv and npm)
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	printf 'hatchling>=1.27\n' | $(LOCK) -c requirements-dev.lock - -o requirements-build.lock
	$(LOCK) -c requirements.lock judge/training/requirements-train.in -o requirements-train.lock
	cd tests/node && npm install --package-lock-only --ignore-scripts --loglevel=error
	$(RUN) tests.node.lock

DIST := dist

wheel: sbom ## the wheel, and beside it the list of all that it needs (DIST=FOLDER, else dist/)
	$(RUN) hatchling build -t wheel -d $(DIST)

# Nothing of time or chance is in it: the same lock gives the same bytes.
sbom: .venv/dev.stamp ## that list alone: each package of requirements.lock with its hashes, as CycloneDX (an SBOM)
	@mkdir -p $(DIST)
	$(BIN)/python -W "ignore:The Component this BOM is describing" -m cyclonedx_py requirements requirements.lock \
	  --pyproject pyproject.toml --output-reproducible --validate -o $(DIST)/kantor.cdx.json

# uv where it is installed, venv and pip otherwise; every package by its hash. `make UV= ...` does without uv.
UV := $(shell command -v uv)
ifdef UV
new_environment = $(UV) venv -q --seed --clear --python $(PYTHON) $(1)
install = $(UV) pip install -q --compile-bytecode --python $(1)/bin/python --require-hashes -r $(2)
else
# Older pips read locks in their own ways (the one of Python 3.11.7 refuses extras that a newer release would satisfy): a known one comes first.
PIP = $(1)/bin/python -m pip install -q --disable-pip-version-check --require-hashes
new_environment = $(PYTHON) -m venv --clear $(1)
install = $(PIP) -r requirements-setup.lock && $(PIP) -r $(2)
endif

.venv/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))" || { echo "Kantor needs Python 3.11 to 3.13. Name one that you have: make PYTHON=python3.12 ..."; exit 1; }
	@$(call new_environment,.venv)

.venv/runtime.stamp: requirements.lock requirements-setup.lock | .venv/bin/python
	@echo "Setting up .venv ..."
	@$(call install,.venv,requirements.lock)
	@touch $@

.venv/dev.stamp: requirements-dev.lock requirements-setup.lock | .venv/bin/python
	@echo "Setting up .venv for development ..."
	@$(call install,.venv,requirements-dev.lock)
	@touch $@ .venv/runtime.stamp

# What training needs and the running bot does not: an environment of its own, for the CPU.
.venv-train/train.stamp: requirements-train.lock requirements-setup.lock
	@echo "Setting up .venv-train ..."
	@$(call new_environment,.venv-train)
	@$(call install,.venv-train,requirements-train.lock)
	@touch $@

# What `make bench` compares with: nothing of it runs with Kantor, or in its tests.
.venv-peer/peer.stamp: tests/bench/requirements-peer.txt
	@echo "Setting up .venv-peer ..."
	@$(PYTHON) -m venv --clear .venv-peer && .venv-peer/bin/python -m pip install -q --disable-pip-version-check -r tests/bench/requirements-peer.txt
	@touch $@

# Exact versions by their checksums, from wherever npm is set up to get packages.
tests/node/node_modules/.package-lock.json: tests/node/package-lock.json tests/node/.npmrc
	@command -v npm >/dev/null || { echo "This check needs Node.js 20 or newer with npm: install it (nodejs.org, or your system's packages) and run this again."; exit 1; }
	@echo "Setting up tests/node/node_modules ..."
	@cd tests/node && npm ci --ignore-scripts --loglevel=error
	@touch $@
