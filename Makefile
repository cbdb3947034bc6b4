# Everything below sets up what it needs. `make PYTHON=python3.12 test` uses another Python; Windows: see README, the conda way.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/ready

.PHONY: workshop reports test style installs bench prove notebooks sample lock clean

workshop: $(READY)  ## a team's workshop, opened in the browser; TEAM="Lincoln" names the team
	$(BIN)/see-the-system workshop $(if $(TEAM),--team "$(TEAM)")

reports: $(READY)  ## the reports of the practice network, in reports/
	$(BIN)/see-the-system reports --all --data data/sample --out reports

test: $(READY)  ## every test
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

style: $(READY)  ## the formatter and the linter, both of them ruff
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet

installs: $(READY)  ## the wheel, installed in an empty environment, makes the reports and opens a workshop in an empty folder
	rm -rf build/installs
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w build/installs .
	$(PYTHON) -m venv build/installs/environment
	build/installs/environment/bin/python -m pip install --quiet --disable-pip-version-check -c requirements.lock build/installs/*.whl
	mkdir build/installs/empty
	cd build/installs/empty && SEE_THE_SYSTEM_HOME=home ../environment/bin/see-the-system reports --all
	test $$(ls build/installs/empty/reports/99-*.html | wc -l) = 8
	cd build/installs/empty && ../environment/bin/python -c "from helpers import GapExplorer, edit, form"
	cd build/installs/empty && ../environment/bin/see-the-system agenda each-lesson
	cd build/installs/empty && ../environment/bin/python -c "from see_the_system.workshop.server import open_and_close; open_and_close('workshop')"

bench: $(READY)  ## ratios against what you would use instead, measured side by side
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.reports
	$(BIN)/python -m benchmarks.theory
	$(BIN)/python -m benchmarks.editor

prove: $(READY)  ## long runs of what the record promises and of what is hidden, each with its figures (some hours)
	$(BIN)/python -m proofs

notebooks: $(READY)  ## runs the stored notebooks again and stores what they show
	SEE_THE_SYSTEM_HOME=$(VENV)/home $(BIN)/python -m see_the_system.reports.template notebooks/*.ipynb

sample: $(READY)  ## makes data/sample again from its seed
	$(BIN)/python -m practice_network data/sample

lock:  ## pins every package again, for all platforms, with no address
	$(PYTHON) -m uv pip compile --universal --python-version 3.11 --all-extras --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --quiet pyproject.toml -o requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is %d.%d. Try: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

clean:
	rm -rf $(VENV) reports .pytest_cache .hypothesis build *.egg-info
