# Two commands are enough to begin: make run, make test. Paths are relative, so that a folder may have a space in its name.
.DEFAULT_GOAL := help
.PHONY: help run reset test faults thorough coverage bench lint translations workflows
PYTHON := .venv/bin/python
PORT ?=
# run and test start dozens of processes. Where the machine keeps Python from storing what it compiled, each of them
# would compile every module anew, which takes longer than all else of a start.
unexport PYTHONDONTWRITEBYTECODE

help: ## show these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

run: .venv/ready-run ## start the portal on this machine (PORT=N chooses the port) until Ctrl-C
	@exec $(PYTHON) -m portal.embedded.run $(PORT)

reset: .venv/ready-run ## delete the data of make run
	@$(PYTHON) -m portal.embedded.reset

test: .venv/ready-test ## everything a change needs: unit to browser, faults in a small size
	@.ci/test

faults: .venv/ready-test ## processes killed and services stopped, in full size
	@PORTAL_FAULTS=full $(PYTHON) -m pytest tests/faults

thorough: .venv/ready-test ## every page in both languages, every bad body to every form of the demo (make test opens each page in one)
	@PORTAL_THOROUGH=1 $(PYTHON) -m pytest tests/integration/demo/test_every_page_is_accessible.py tests/integration/demo/test_pages_after_the_deadline.py tests/integration/demo/test_bad_input.py tests/integration/decisions/test_pages_in_a_browser.py

coverage: .venv/ready-test ## the same as make test, and which lines of the code it ran
	@PORTAL_COVERAGE=1 .ci/test

bench: .venv/ready-test ## measure messages a second, and the pages people wait for at 200, 2,000 and 10,000 applications
	@$(PYTHON) -m tests.bench

lint: .venv/ready-test ## style, types, the order of imports, templates
	@.ci/lint

workflows: .venv/ready-test ## draw the pages of docs/workflows from the workflows' tables
	@$(PYTHON) -m portal.workflows

translations: .venv/ready-test ## gather the texts of all domains into the compiled catalogues
	@$(PYTHON) -m portal.translations.build

.venv/ready-run: requirements.txt portal/embedded/requirements.txt .ci/prepare
	@.ci/prepare run

.venv/ready-test: requirements.txt portal/embedded/requirements.txt tests/requirements.txt .ci/prepare
	@.ci/prepare test
