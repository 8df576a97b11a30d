# Everything runs in .venv, which the first command makes. `make demo` and `make test` are all a new machine needs.
VENV := .venv
RUN := $(VENV)/bin/python

OLDEST := build/oldest
# Per cent of the statements that tests reach, held in CI: elsewhere there may be no sandbox, or no Chromium.
LEAST_COVERED := 94

.PHONY: demo test prove prove-torch fuzz lint bench bench-all lecture pictures locale lock clean

demo: $(VENV)/.installed
	$(RUN) demo/run.py

# Tests start hundreds of processes, and each would compile all of us anew where bytecode is not kept.
test: export PYTHONDONTWRITEBYTECODE :=
# Each worker begins with a part of its own, so that hardly any fixture of a module is made twice, and then takes of others.
# What tests reach is counted in CI: it takes two thirds as long again. `make test CI=true` counts it anywhere.
test: $(VENV)/.installed $(OLDEST)/.installed
	sh scripts/setup_browser.sh
ifdef CI
	rm -rf build/coverage
	$(RUN) -m coverage run -m pytest -n auto --dist worksteal
	$(RUN) -m coverage combine --quiet
	$(RUN) -m coverage report --skip-covered --sort=cover --fail-under=$(LEAST_COVERED)
else
	$(RUN) -m pytest -n auto --dist worksteal
endif
	GRADER_NBGRADER=oldest PYTHONPATH=$(CURDIR)/$(OLDEST) $(RUN) -m pytest -q -W ignore -n 2 --dist loadfile \
	    -m nbgrader_versions $(addprefix tests/nbgrader/test_,workflow.py scores_from.py versions.py)

# The oldest supported nbgrader, for the tests that say how we and it fit together; all else is .venv's.
$(OLDEST)/.installed: requirements-oldest.lock $(VENV)/.installed
	rm -rf $(OLDEST)
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target $(OLDEST) \
	    -r requirements-oldest.lock
	touch $@

# What unit tests cannot show: the course holds against every mutant, the demo class gets its scores, the small courses of
# examples/ too, and the wheel works without this checkout.
prove: $(VENV)/.installed
	$(VENV)/bin/grader verify --lang en
	$(RUN) demo/run.py
	$(RUN) examples/prove.py
	$(RUN) scripts/prove_wheel.py

# The example that needs PyTorch, which is in no lock: PyPI's wheel for Linux brings CUDA along (2.6 GB to fetch, 4.7 GB in
# .venv). Where pip is shown another index, it may take one without.
TORCH := torch==2.13.0
prove-torch: $(VENV)/.installed
	$(RUN) -m pip install --quiet --disable-pip-version-check "$(TORCH)"
	$(RUN) examples/prove.py pytorch

# Inputs that nobody thought of, for a minute in all: `make fuzz FUZZ_SECONDS=600`. What failed is tried first the next time.
FUZZ_SECONDS := 60
fuzz: $(VENV)/.installed
	FUZZ_SECONDS=$(FUZZ_SECONDS) $(RUN) -m pytest -q tests/fuzz

lint: $(VENV)/.installed
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

# One table for a reader to check, in minutes.
bench: $(VENV)/.installed
	$(RUN) benchmarks/table.py

# Everything else that claims rest on: an hour and more.
bench-all: bench
	$(RUN) benchmarks/throughput.py
	$(RUN) benchmarks/growth.py
	$(RUN) benchmarks/growth_parts.py
	$(RUN) benchmarks/cluster.py
	$(RUN) benchmarks/memory.py
	$(RUN) benchmarks/start.py
	$(RUN) benchmarks/unchanged.py
	$(RUN) benchmarks/help.py
	$(RUN) benchmarks/loops.py
	$(RUN) benchmarks/hostile_sources.py
	$(RUN) benchmarks/naming.py
	$(RUN) benchmarks/watch.py

lecture: $(VENV)/.installed
	$(RUN) benchmarks/lecture.py --json build/lecture.json

pictures: $(VENV)/.installed
	$(RUN) docs/make_pictures.py
	$(RUN) docs/make_screenshots.py
	$(RUN) docs/make_jupyter_pictures.py

# The catalogues of all languages as gettext reads them; the tests say what a catalogue lacks.
locale: $(VENV)/.installed
	$(VENV)/bin/pybabel compile --directory grader/messages/locale --statistics
	$(RUN) -m pytest -q tests/messages/test_catalogues.py

# Locks what .venv gets. Lower bounds live in pyproject.toml.
lock: $(VENV)/.installed
	$(RUN) -m pip install --quiet uv
	$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --group dev --extra bubblewrap \
	    --generate-hashes --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

$(VENV)/.installed: pyproject.toml requirements.lock scripts/setup.sh
	sh scripts/setup.sh $(VENV)
	touch $@

clean:
	rm -rf $(VENV) build graded .mypy_cache .pytest_cache .ruff_cache *.egg-info
