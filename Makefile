PYTHON ?= $(firstword $(shell command -v python3 python3.12 python3.11))
VENV := .venv/bin
TEST_ARGS ?=
ARGS ?=
FOUNDRY_ARGS ?=
# .venv/bin has a Node.js where the machine has none.
SOLHINT = PATH="$(CURDIR)/$(VENV):$$PATH" node_modules/.bin/solhint --disc --noPoster --max-warnings 0

# An empty value lets Python, and pytest's assertion rewriting, keep their bytecode.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup compile test demo foundry lint format gas lock clean distclean

help:
	@echo 'Nothing has to be installed first but Python 3.11 or 3.12 and make. Everything lands in this folder.'
	@echo
	@echo '  make demo       the whole protocol at work: deploy, stake, transcode a video for tickets, settle'
	@echo '                    VIDEO=film.mp4  your own video   JSON=1  the result as data   ARGS=...  more options'
	@echo '  make test       all tests; TEST_ARGS="tests/unit -k bond" runs some, TEST_ARGS="--engine anvil" on a node'
	@echo '  make compile    the contracts, if they changed'
	@echo '  make lint       ruff, solhint, formatters in check mode'
	@echo '  make format     let the formatters write'
	@echo '  make gas        measure gas again and write tests/gas/snapshots'
	@echo '  make foundry    the invariants in foundry/, run by Foundry; FOUNDRY_ARGS="--fuzz-seed 7" for forge test'
	@echo '  make setup      only what the others do first: .venv, npm packages, compiler, Anvil'
	@echo '                    TORCH=cuda  the CUDA build of torch, several gigabytes (default: CPU)'
	@echo '                    TORCH=none  without torch: all but the worker'
	@echo '                    PYTHON=/path/to/python3.12   NO_UV=1 (pip)   SOLC=js (npm compiler)'
	@echo '  make lock       resolve requirements.lock anew from pyproject.toml'
	@echo '  make clean      remove what compiling and testing made; distclean: what setup made too'
	@echo
	@echo 'With Ape: . .venv/bin/activate, then ape compile, ape test, ape run --help as in any project.'
	@echo 'One contract while others are half-written: .venv/bin/python tools/build.py --check contracts/bonding'

setup:
	@if [ -z "$(PYTHON)" ]; then echo 'No Python found; Python 3.11 or 3.12 is needed.' >&2; exit 1; fi
	@"$(PYTHON)" tools/bootstrap.py

compile: setup
	@$(VENV)/python tools/build.py

test: setup
	@$(VENV)/ape test -q $(TEST_ARGS)

demo: setup
	@$(VENV)/ape run demo $(if $(VIDEO),--video "$(VIDEO)") $(if $(JSON),--json) $(ARGS)

lint: setup
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	node_modules/.bin/forge fmt --check contracts foundry
	$(SOLHINT) 'contracts/**/*.sol'
	$(SOLHINT) --config .solhint-interfaces.json 'contracts/interfaces/*.sol'

format: setup
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .
	node_modules/.bin/forge fmt contracts foundry

foundry: setup
	@HOME="$(CURDIR)/.forge/home" PATH="$(CURDIR)/$(VENV):$$PATH" FOUNDRY_PROFILE=invariants node_modules/.bin/forge test $(FOUNDRY_ARGS)

gas: compile
	@$(VENV)/python tools/gas.py --update

lock: setup
	UV_CACHE_DIR=.cache/uv $(VENV)/uv pip compile -q pyproject.toml --extra test --extra worker --extra lint \
	  --universal --python-version 3.11 --no-emit-package torch --no-annotate --no-header -o requirements.lock

clean:
	rm -rf .build .forge .hypothesis .pytest_cache .ruff_cache contracts/.cache
	find . -name __pycache__ -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv .ape .cache .solcx node_modules
