# `make help` lists the targets. All the work is done by small Python programs in platform/embedded.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; \
	done)
export PYTHONPATH := platform
VENV := .venv/bin
INSTALL = $(if $(PYTHON),$(PYTHON),$(error Copydesk needs Python 3.11 or newer)) -m embedded.install

# Not in the lock: torch comes in a build for the CPU or for CUDA, and these only with the latter.
NOT_LOCKED := torch triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas \
	nvidia-cuda-cupti nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft \
	nvidia-cufile nvidia-curand nvidia-cusolver nvidia-cusparse nvidia-cusparselt-cu13 \
	nvidia-nccl-cu13 nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx
LOCK = $(VENV)/python -m uv pip compile pyproject.toml --universal --generate-hashes --quiet \
	--python-version 3.11 --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(addprefix --no-emit-package ,$(NOT_LOCKED))

.DEFAULT_GOAL := help
.PHONY: help up test test-slow bench lint format doctor demo-reset backup restore clean lock

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

up: ## install what is missing and start everything; Ctrl-C stops it
	@$(INSTALL)
	@$(VENV)/python -m embedded.up

test: ## the whole test suite against real servers of its own
	@$(INSTALL) --dev
	@$(VENV)/python -m embedded.translations
	$(VENV)/python -m pytest -m "not slow" -n auto --maxprocesses 4 --dist worksteal $(ARGS)

test-slow: ## long simulations and fault drills
	@$(INSTALL) --dev
	@$(VENV)/python -m embedded.translations
	$(VENV)/python -m pytest -m slow $(ARGS)

bench: ## measure: make bench NAME=imports, smaller with ARGS="--rows 20000"
	@$(INSTALL) --dev
	@$(VENV)/python -m embedded.bench $(NAME) $(ARGS)

lint: ## every check that needs no test
	@$(INSTALL) --dev --without-model
	@$(VENV)/python -m embedded.lint

format: ## format the code and the templates
	@$(INSTALL) --dev --without-model
	$(VENV)/ruff check --fix --quiet
	$(VENV)/ruff format
	git ls-files -z 'templates/*.html' | xargs -0 $(VENV)/djade --target-version 5.2

doctor: ## look at this machine and this installation and say what is wrong
	@if [ -x $(VENV)/python ]; then $(VENV)/python -m embedded.doctor; \
	else $(or $(PYTHON),python3) -m embedded.doctor; fi

demo-reset: ## throw the demo's data away and load it anew (stop `make up` first)
	@$(VENV)/python -m embedded.demo_reset

backup: ## write the database, the uploads and the secrets into var/backups
	@$(VENV)/python -m embedded.backup

restore: ## bring a backup back: make restore FROM=var/backups/NAME.tar
	@$(VENV)/python -m embedded.restore "$(FROM)"

clean: ## remove the virtual environment and caches; var/ with your data stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## resolve the dependencies of pyproject.toml anew: requirements/*.txt
	@$(INSTALL) --dev --without-model
	$(VENV)/python -m pip install --quiet uv
	$(LOCK) --extra embedded --extra dev -o requirements/dev.txt
	$(LOCK) --extra embedded -c requirements/dev.txt -o requirements/runtime.txt
