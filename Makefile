# What a person or a machine does with a checkout of luxagent. Each target sets up what it needs in .venv and
# asks for nothing but make and a python3 with venv. The Python is the newest that works among those on PATH
# and those that pyenv keeps; `make PYTHON=/path/to/python3.12 test` chooses another.

.DEFAULT_GOAL := help
.PHONY: help demo test check format soak pythons debian golden lock clean env

SHELL := /bin/sh
VENV := .venv
PYTHON ?=
ARGS ?=
unexport PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX
# Tests start the program many times over: it must not be compiled anew each time.
unexport PYTHONDONTWRITEBYTECODE

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1:  /p' Makefile

demo: env ## a day of a pretend house, shown live in under a minute; ARGS="--seed 7" passes options on
	@$(VENV)/bin/luxagent demo $(ARGS)

test: check ## all checks, then all tests; ARGS="-k sun -x" is passed on to pytest
	$(VENV)/bin/python -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) --dist loadfile --no-loadscope-reorder $(ARGS)

check: env ## lint, formatting, types, and who may import whom
	$(VENV)/bin/python -m ruff check .
	$(VENV)/bin/python -m ruff format --check .
	$(VENV)/bin/python -m mypy
	$(VENV)/bin/lint-imports --no-logo

format: env ## bring the code into the form that check asks for
	$(VENV)/bin/python -m ruff check --fix-only .
	$(VENV)/bin/python -m ruff format .

# Here hypothesis rolls its dice anew: `make test` tries the same examples each time.
CHANCY := tests/portal/test_a_thousand_ticks.py tests/portal/test_decoders_fuzz.py tests/core tests/store tests/config
soak: env ## the long runs that test leaves out, and its properties with other examples than ever
	$(VENV)/bin/python -m pytest --hypothesis-profile=untimed $(ARGS) tests/soak $(CHANCY)

# Each Python has an environment of its own under .make, which stays for the next time.
pythons: ## the tests with every Python from 3.11 to 3.14 that is found; ARGS as for test
	@eval "$$FUNCTIONS"; for minor in 11 12 13 14; do python=$$(first $$minor); \
	  if test -z "$$python"; then echo "No Python 3.$$minor was found here: it was not tried."; continue; fi; \
	  echo "Python 3.$$minor: $$python"; \
	  $(MAKE) --no-print-directory env PYTHON="$$python" VENV=.make/python3.$$minor; \
	  .make/python3.$$minor/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS); done

golden: env ## the golden month decided anew, where a change of decisions is meant
	$(VENV)/bin/python -m tests.golden_month.month

SUITE := bookworm
debian: env ## the README's steps in a Debian of its own, under its systemd; as root; SUITE=trixie for another
	SUITE=$(SUITE) $(VENV)/bin/python -m pytest -x $(ARGS) tests/clean_debian

# uv resolves for every platform at once, which pip cannot. It gets an environment of its own and reads no
# configuration of this machine: an address or a hash from a private index has no business in the lock.
# requirements-run.lock is for owners: what the program needs and what builds it, in the same versions.
LOCKER := uv==0.13.9
LOCK := env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
  .make/lock/bin/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header
lock: ## write both locks anew from pyproject.toml; ARGS=--upgrade takes the newest versions
	@eval "$$FUNCTIONS"; environment .make/lock
	@.make/lock/bin/python -m pip install -qq --disable-pip-version-check "$(LOCKER)"
	@$(LOCK) --group dev $(ARGS) --output-file requirements.lock pyproject.toml
	@$(LOCK) --group build --extra web --constraint requirements.lock --output-file requirements-run.lock pyproject.toml

clean: ## take away all that was made, .venv too
	rm -rf $(VENV) .make build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment is ready when the stamp in it tells of this lock, this project file and this folder.
env:
	@eval "$$FUNCTIONS"; environment "$(VENV)"; \
	ready="$$(cat requirements.lock pyproject.toml | cksum) $$PWD"; \
	if test "$$(cat "$(VENV)/ready" 2>/dev/null)" = "$$ready"; then exit 0; fi; \
	echo "Installing what requirements.lock names into $(VENV) (a minute or two the first time)."; \
	pip="$(VENV)/bin/python -m pip --disable-pip-version-check --no-input -qq install"; \
	$$pip --require-hashes --requirement requirements.lock; \
	$$pip --no-deps --no-build-isolation --editable .; \
	printf "%s\n" "$$ready" >"$(VENV)/ready"

# Plain shell, with no dollar doubled; each recipe that finds a Python evaluates it.
define functions
set -eu

# That a Python works is tried, not assumed: pyenv leaves commands on PATH which only say "not found", Debian
# has a Python without ensurepip, and a home-made one may lack ssl or SQLite. Early and free-threaded builds
# are passed over, as there may be no wheels for them.
fits='import sqlite3, ssl, sys, sysconfig, zlib
ok = (3, 11) <= sys.version_info[:2] <= (3, 14) and sys.implementation.name == "cpython"
ok = ok and sys.version_info.releaselevel == "final" and not sysconfig.get_config_var("Py_GIL_DISABLED")
ok = ok and sys.version_info[1] == int(sys.argv[1] if len(sys.argv) > 1 else sys.version_info[1])
ok or sys.exit(1)'
works() { "$1" -c "$fits; import ensurepip, venv; ensurepip.version()" ${2-} </dev/null >/dev/null 2>&1; }
usable() { "$1/bin/python" -c "$fits; import pip" </dev/null >/dev/null 2>&1; }
origin() { "$1" -c "import sys; print(sys.version, sys.base_prefix)" </dev/null 2>/dev/null || echo "none"; }

# Where a Python 3.$1 may be, one a line.
candidates() {
  (set -f; IFS=:; for folder in $PATH; do printf "%s\n" "$folder/python3.$1" "$folder/python3"; done)
  for folder in "${PYENV_ROOT:-${HOME:-}/.pyenv}/versions/3.$1".*/bin; do printf "%s\n" "$folder/python3.$1"; done
}
first() {
  candidates $1 | while IFS= read -r python; do
    if test -x "$python" && works "$python" $1; then printf "%s\n" "$python"; break; fi
  done
}
newest() {
  for minor in 14 13 12 11; do
    found=$(first $minor)
    if test -n "$found"; then printf "%s\n" "$found"; break; fi
  done
}

# Sees to it that $1 is a virtual environment that runs and has pip.
environment() {
  if test -n "$PYTHON"; then
    if ! works "$PYTHON"; then
      echo "PYTHON=$PYTHON will not do: it must run, be CPython 3.11 to 3.14, and have venv, ssl and sqlite3." >&2
      exit 1
    fi
    if usable "$1" && test "$(origin "$PYTHON")" = "$(origin "$1/bin/python")"; then return; fi
    python=$PYTHON
  else
    if usable "$1"; then return; fi
    python=$(newest)
    if test -z "$python"; then
      echo "luxagent needs Python 3.11, 3.12, 3.13 or 3.14 with venv (Debian, Ubuntu: apt install python3-venv)" \
        "and found none that works on PATH or under pyenv; name one with make PYTHON=/path/to/python3." >&2
      exit 1
    fi
  fi
  echo "Making a virtual environment in $1 with $python."
  rm -rf "$1"
  "$python" -m venv "$1"
}
endef
env lock pythons: export FUNCTIONS := $(value functions)
env lock: export PYTHON := $(PYTHON)
