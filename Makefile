PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint bench bench-verify docs clean

# One stamp a lock file: a second `make` does not install again.
$(VENV)/installed: pyproject.toml constraints.txt tests/support/torchvision_operators.py
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torchvision==0.28.0
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[verify]' hypothesis mypy pytest pytest-xdist ruff
	$(BIN)/python tests/support/install_torchvision_operators.py
	touch $@

test: $(VENV)/installed
	$(BIN)/python -m pytest -n 2

# A buggy script of the corpus: what `fixer fix` changes, and what the run says of it.
demo: $(VENV)/installed
	@mkdir -p build/demo
	@sed 's/ *# bug: .*//' corpus/missing-zero-grad/plain_script/before.py > build/demo/train.py
	@echo '$$ fixer fix train.py'
	@cd build/demo && ../../$(BIN)/fixer fix train.py
	@echo; echo '$$ fixer verify train.py'
	@cd build/demo && ../../$(BIN)/fixer verify train.py

# Equal programs, told apart how often? Minutes; the table is what counts.
# `make bench TREE=path/to/code`: time against TorchFix and ruff, then every finding with its lines and its judgement, and
# how many planted bugs are found.
TREE ?= corpus
bench: $(VENV)/installed
	$(BIN)/python bench/speed.py $(TREE)
	$(BIN)/python bench/accuracy all $(TREE)

bench-verify: $(VENV)/installed
	$(BIN)/python bench/verify_aa.py

docs: $(VENV)/installed
	$(BIN)/python docs/generate.py

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
