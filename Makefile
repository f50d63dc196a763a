# Two commands matter: make run, make test. They set up what they need by themselves.
.PHONY: run test check bench setup

PY := .venv/bin/python
# Each with a database of its own; tests go out in order, so that those that empty tables come last.
WORKERS := 2

run: setup
	@$(PY) manage.py up --follow-parent

test: setup
	@scripts/chromium.sh
	@$(PY) scripts/messages.py compile
	@$(PY) -m pytest -n $(WORKERS) $(ARGS)

check: setup
	@$(PY) scripts/check.py

bench: setup
	@$(PY) -m benchmarks

setup:
	@scripts/setup.sh
