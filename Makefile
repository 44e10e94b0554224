# Forwards every target to ./dev: `make test` is `./dev test`.
.DEFAULT_GOAL := help
.PHONY: help
help:
	@./dev help
%: FORCE
	@./dev $@
FORCE:
Makefile: ;
