# make run   open the window           make test       everything that a change must pass
# make lock  pin the newest versions   make benchmark  print the measures as a table
#                                      make translations  find new strings, merge, compile, list what is missing
#
# Needs git, make, and Python 3.11 or newer with venv (`make PYTHON=python3.12 run` picks one).

PYTHON ?= python3
BIN = .venv/bin
READY = .venv/packages-installed .venv/libraries-found

.PHONY: run test benchmark translations lock clean

run: $(READY)
	@$(BIN)/python main.py

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

benchmark: $(READY)
	$(BIN)/python -m benchmarks

translations: $(READY)
	@$(BIN)/python scripts/make_translations.py

lock:
	$(PYTHON) scripts/make_lock.py

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Made again when what is to be installed changes; both are empty files that only carry a time.
.venv/packages-installed: requirements.lock pyproject.toml
	@$(PYTHON) scripts/install_packages.py
	@touch $@

# Not made, and so tried again next time, while something that a window on a screen needs is still missing.
.venv/libraries-found: .venv/packages-installed
	@$(BIN)/python scripts/find_libraries.py && touch $@ || [ $$? -eq 3 ]
