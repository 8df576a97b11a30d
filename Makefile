# Everything runs in .venv, which the first command makes. `make demo` and `make test` are all a new machine needs.
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: demo test lint bench lecture pictures lock clean

demo: $(VENV)/.installed
	$(RUN) demo/run.py

test: $(VENV)/.installed
	sh scripts/setup_browser.sh
	$(RUN) -m pytest -n auto

lint: $(VENV)/.installed
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

bench: $(VENV)/.installed
	$(RUN) benchmarks/throughput.py
	$(RUN) benchmarks/memory.py
	$(RUN) benchmarks/unchanged.py

lecture: $(VENV)/.installed
	$(RUN) benchmarks/lecture.py

pictures: $(VENV)/.installed
	$(RUN) docs/make_pictures.py
	$(RUN) docs/make_screenshots.py
	$(RUN) docs/make_jupyter_pictures.py

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
