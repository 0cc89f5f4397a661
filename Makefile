# Short names for `python start.py COMMAND`, which does the same where there is no make.
#   make report TEXTS=FOLDER        make lab FOLDER=FOLDER        make test ARGS="-k dates"
PYTHON ?= python3

report: ; @$(PYTHON) start.py report $(if $(TEXTS),--texts "$(TEXTS)") $(ARGS)
test: ; @$(PYTHON) start.py test $(ARGS)
env: ; @$(PYTHON) start.py env
lab: ; @$(PYTHON) start.py lab $(if $(FOLDER),"$(FOLDER)") $(ARGS)
refresh: ; @$(PYTHON) start.py refresh $(ARGS)
bench: ; @$(PYTHON) start.py bench $(ARGS)
doctor: ; @$(PYTHON) start.py doctor

.PHONY: report test env lab refresh bench doctor
