# Commands for a fresh machine: nothing has to be installed first but Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install demo serve test lint proof render-env clean

help:
	@echo "make demo        install, scan the sample patrol: photos to out/demo/report.html, a drive to out/demo/drive.html"
	@echo "make serve       the service over HTTPS with the demo's data; prints the first password once"
	@echo "make test        install with the training half, check style and types, run every test"
	@echo "make proof       the long measurements: a table of figure against bar"
	@echo "make render-env  the renderer of the sample city, in an environment of its own"

install: $(STAMPS)/runtime

$(STAMPS)/runtime: pyproject.toml setup.py deploy/system_libraries.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	sh deploy/system_libraries.sh $(BIN)/python
	$(BIN)/pip install -q -e .
	mkdir -p $(STAMPS) && touch $@

$(STAMPS)/test: $(STAMPS)/runtime
	$(BIN)/pip install -q -e '.[train,test]'
	mkdir -p $(STAMPS) && touch $@

# Type checkers do not follow an editable install: links show them the folders as zoubian.<folder>.
.types/zoubian:
	mkdir -p $@
	for folder in api datasets detector models pipeline training; do ln -sfn ../../$$folder $@/$$folder; done

demo: $(STAMPS)/runtime
	$(BIN)/zoubian scan datasets/sample/*.jpg --track datasets/sample/track.gpx --patrol demo \
	  --places datasets/sample/places.csv --workspace out/demo/workspace --report out/demo/report.html
	$(BIN)/zoubian scan datasets/sample_patrol/patrol.mp4 --track datasets/sample_patrol/track.gpx --patrol demo-drive \
	  --places datasets/sample_patrol/places.csv --workspace out/demo/workspace --report out/demo/drive.html

serve: $(STAMPS)/runtime
	test -d out/demo/workspace || $(MAKE) demo
	test -f out/demo/admin || { $(BIN)/zoubian user add admin --admin --workspace out/demo/workspace && touch out/demo/admin; }
	$(BIN)/zoubian serve --workspace out/demo/workspace

lint: $(STAMPS)/test .types/zoubian
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest -q

proof: $(STAMPS)/test
	$(BIN)/python benchmarks/proof.py

render-env:
	sh datasets/city/setup_render_env.sh

clean:
	rm -rf $(VENV) .types out build *.egg-info
