# Each word does its own set-up in .venv; the Python that you have is only used to make it.
# On Windows, without make: see "Windows" in README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint bench clean

run: .venv/run
	$(BIN)/sim run scenario=high_methane

test: lint
	$(BIN)/python -m pytest -n auto

lint: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev
	$(BIN)/python benchmarks/member_cost.py
	$(BIN)/python benchmarks/whole_command.py

clean:
	rm -rf .venv

.venv/run: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@
