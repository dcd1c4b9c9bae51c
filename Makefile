# Each word does its own set-up in .venv; the Python that you have is only used to make it.
# On Windows, without make: see "Windows" in README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint docs bench clean

run: .venv/run
	$(BIN)/sim run scenario=high_methane

test: lint
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/run
	$(BIN)/sim docs

bench: .venv/dev
	$(BIN)/python benchmarks/engines.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/scaling.py
	$(BIN)/python benchmarks/first_result.py
	$(BIN)/python benchmarks/member_cost.py
	$(BIN)/python benchmarks/whole_command.py
	$(BIN)/python benchmarks/reach.py
	$(BIN)/python benchmarks/report.py

clean:
	rm -rf .venv

.venv/run: pyproject.toml constraints.txt
	@echo "首次使用：正在 .venv 中准备环境，约需一分钟 · preparing .venv, about a minute"
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
	  || { echo "需要 Python 3.11 或更新版本：make PYTHON=python3.12 · Python 3.11 or newer is needed"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/dev: pyproject.toml constraints.txt
	@echo "preparing .venv with the tools of development, about a minute"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@
