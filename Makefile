PYTHON ?= $(firstword $(shell command -v python3 python3.12 python3.11 python))
VENV := .venv/bin

# An empty value lets Python, and pytest's assertion rewriting, keep their bytecode.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup
setup:
	@$(PYTHON) tools/bootstrap.py
