# Python 3.9 or newer and make are all that is needed: everything else goes to .venv.
# Another interpreter: make PYTHON=python3.12 (after `make clean`).

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
PYRIGHT := PATH="$(CURDIR)/$(BIN):$$PATH" pyright
LOCK := requirements-dev.txt
# The same versions, of what it takes to run the project and no more.
RUN_LOCK := requirements.txt
# mypy.stubtest looks at every public name, at Flask's proxies too: they want a request.
STUBTEST := 'import sys, flask, mypy.stubtest as s; flask.Flask("s").test_request_context().push(); sys.exit(s.main())'
STUBS := types-Flask-Cors==6.0.3.20260712

# One folder for the oracle of the differential test, wherever the tests run.
export FLASK_CORS_ORACLE ?= $(CURDIR)/.cache/oracle

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- what a user runs

.PHONY: demo
demo: .venv/.installed ## Serve an example API and, on a second origin, a page that calls it (PORT=8000)
	@# Instead of the shell: Ctrl-C would end the shell too, and make would call that an error.
	exec $(PY) -m examples.demo --port "$(PORT)"

# A worker for each processor; a worker that has nothing left takes tests from another one.
EVERY_CORE := --numprocesses auto --dist worksteal

.PHONY: test
test: .venv/.tools ## Run the unit and property tests, the doctests and the code in the documents
	$(BIN)/pytest $(EVERY_CORE)

.PHONY: test-browser
test-browser: .venv/.tools ## Have Chromium judge what pages may read, and three browsers say why not
	TEST_BROWSER=1 $(BIN)/pytest $(EVERY_CORE) tests/browser

.PHONY: docs
docs: .venv/.tools ## Build the documentation site in .cache/docs/, and fail on any warning
	rm -rf .cache/docs
	$(BIN)/sphinx-build --quiet --fail-on-warning --fresh-env --doctree-dir .cache/doctrees docs .cache/docs
	@echo "Built: .cache/docs/index.html"

.PHONY: pictures
pictures: .venv/.installed ## Draw docs/pictures/ anew, from what the core answers
	$(PY) docs/_pictures.py

# --- gates

.PHONY: lint
lint: .venv/.tools ## Check style, format, spelling, import contracts and dependencies
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/lint-imports
	$(BIN)/deptry corecors flask_cors

.PHONY: format
format: .venv/.tools ## Format the code and repair what can be repaired
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

.PHONY: types
types: .venv/.tools .cache/stubs ## Check the types, that they are complete, and that 6.0.2's stubs still hold
	$(BIN)/mypy corecors flask_cors $(wildcard tests/typing)
	$(PYRIGHT)
	$(PYRIGHT) --verifytypes corecors --ignoreexternal
	$(PYRIGHT) --verifytypes flask_cors --ignoreexternal
	MYPYPATH=.cache/stubs $(PY) -c $(STUBTEST) flask_cors --ignore-missing-stub

.PHONY: coverage
coverage: .venv/.tools ## Run the tests and demand every line and branch of both packages
	$(BIN)/coverage erase
	HYPOTHESIS_PROFILE=quick $(BIN)/coverage run -m pytest $(EVERY_CORE) tests
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# One worker takes about half an hour; by default there is one for each processor.
WORKERS ?=

.PHONY: mutants
mutants: .venv/.tools ## Change the core's code in ten thousand ways: do its tests notice? (WORKERS=1)
	rm -rf mutants
	PYTHONDONTWRITEBYTECODE= $(BIN)/mutmut run $(if $(WORKERS),--max-children $(WORKERS))
	$(BIN)/mutmut results
	$(BIN)/mutmut export-cicd-stats
	$(PY) -m tests.mutation mutants/mutmut-cicd-stats.json

.PHONY: conformance
conformance: .venv/.tools ## Put this project and others, in other languages too, to the suite: docs/conformance.md
	$(PY) -m tests.peers --foreign

.PHONY: conformance-check
conformance-check: .venv/.tools ## Fail if that document would change, or a known defect is no longer found
	$(PY) -m tests.peers --check

.PHONY: all-pythons
all-pythons: build ## Run the tests on each Python 3.9 to 3.15 there is, against the installed wheel
	rm -rf .cache/sdist && mkdir -p .cache/sdist
	tar -xzf dist/*.tar.gz -C .cache/sdist --strip-components 1
	rm -r .cache/sdist/corecors .cache/sdist/flask_cors
	PATH="$$(printf '%s:' "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.*/bin)$$PATH" \
		$(BIN)/tox run-parallel --parallel auto --parallel-no-spinner --installpkg dist/*.whl

# Where a checkout or a wheel of the next Flask lies, and of the Werkzeug that it needs.
NEXT_FLASK ?=
NEXT_WERKZEUG ?=
NEXT := .cache/next-flask

.PHONY: next-flask
next-flask: .venv/.tools ## Run the tests on a Flask to come (NEXT_FLASK=checkout-or-wheel NEXT_WERKZEUG=...)
ifeq ($(NEXT_FLASK),)
	@echo 'Not tested: no Flask to come is given. make next-flask NEXT_FLASK=<a checkout or a wheel>'
else
	$(BIN)/uv venv --quiet --clear --python $(PY) $(NEXT)
	$(BIN)/uv pip install --quiet --python $(NEXT) --requirement $(LOCK)
	$(BIN)/uv pip install --quiet --python $(NEXT) $(NEXT_WERKZEUG) $(NEXT_FLASK)
	$(BIN)/uv pip install --quiet --python $(NEXT) --no-deps --editable .
	@# These two replace methods of Flask that get another argument; what is shown of them is skipped.
	$(BIN)/uv pip uninstall --quiet --python $(NEXT) flask-restful flask-restx
	@$(BIN)/uv pip list --quiet --python $(NEXT) | grep -iE '^(flask|werkzeug) '
	$(NEXT)/bin/python -m pytest $(EVERY_CORE)
endif

# Programs of tests/dependants/programs.py; by default all of them, which takes some minutes.
PROGRAM ?=

.PHONY: test-dependants
test-dependants: build ## Ask programs that require Flask-CORS with 6.0.2 and with ours (PROGRAM=moto)
	$(PY) -m tests.dependants $(PROGRAM)

FUZZ := .cache/fuzz/environment
SECONDS_EACH ?= 60

.PHONY: fuzz
fuzz: .venv/.tools ## Fuzz parsers, answers and the WSGI hook, a minute each (SECONDS_EACH=3600)
	$(BIN)/uv venv --quiet --clear --python $(PY) $(FUZZ)
	$(BIN)/uv pip install --quiet --python $(FUZZ) --constraint $(LOCK) 'flask[async]' attrs hypothesis pytest
	$(BIN)/uv pip install --quiet --python $(FUZZ) atheris==3.0.0
	for target in parse answer wsgi; do \
		$(FUZZ)/bin/python -W ignore -m tests.fuzz "$$target" $(SECONDS_EACH) || exit 1; \
	done

.PHONY: build
build: .venv/.tools ## Build the sdist and, from it, the wheel into dist/
	rm -rf dist
	$(BIN)/uv build --quiet --no-build-isolation --python $(PY)

TAG ?=

.PHONY: release-check
release-check: build ## Build what a tag releases, if it is the version and the changelog has it (TAG=v6...)
	test "$(TAG)" = "v$$($(BIN)/hatchling version)"
	grep --quiet --fixed-strings "## [$(TAG:v%=%)] - " CHANGELOG.md

# --- what it costs: benchmarks/

# One question each: per_request, growth, startup, evaluate, audit, peers. All of them by default.
ONLY ?=
FIGURES := .cache/bench/figures.json

.PHONY: bench
bench: .venv/.tools ## Measure beside 6.0.2, the newest and peers; tables go to docs/ too (ONLY=growth)
	mkdir -p $(dir $(FIGURES))
	$(PY) -m benchmarks $(if $(ONLY),--only $(ONLY)) --json $(FIGURES) --write docs/performance.md docs/frameworks.md
	$(PY) -m benchmarks.chart $(FIGURES) docs/growth.svg

.PHONY: guard
guard: .venv/.tools ## Fail if the common path has become dearer, in instructions
	$(PY) -m benchmarks.guard

REQUESTS ?= 5000

.PHONY: load
load: .venv/.tools ## Put a server under load and check every answer (REQUESTS=200000)
	$(PY) -m benchmarks.load --requests $(REQUESTS)

# --- the project's own environment

.PHONY: lock
lock: .venv/.tools ## Pin the newest versions of all development dependencies, for every Python
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --quiet --upgrade \
		--universal --python-version 3.9 --all-extras --group dev --output-file $(LOCK)
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --quiet --upgrade \
		--universal --python-version 3.9 --group install --constraint $(LOCK) --output-file $(RUN_LOCK)

.PHONY: clean
clean: ## Remove everything that was made
	rm -rf .venv .cache .tox .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage dist mutants

# mypy takes these stubs for the package itself only under the package's own name.
.cache/stubs: Makefile | .venv/.installed
	rm -rf $@
	$(PIP) install --no-deps --ignore-requires-python --target $@ $(STUBS)
	mv $@/flask_cors-stubs $@/flask_cors

.venv/.installed: $(RUN_LOCK) pyproject.toml $(wildcard flask_cors/version.py)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 9))' || \
		{ echo 'Python 3.9 or newer is needed: make PYTHON=/path/to/python3'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
		{ echo '$(PYTHON) cannot make virtual environments: install python3-venv (Debian, Ubuntu), or name another: make PYTHON=...'; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv
	$(PIP) install --requirement $(RUN_LOCK)
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.tools: .venv/.installed $(LOCK)
	$(PIP) install --requirement $(LOCK)
	@touch $@
