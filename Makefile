# Thin on purpose: every target is an npm script or a `tierkit` command, so all of it works without make.
.DEFAULT_GOAL := help
.PHONY: help up down reset status logs deploy destroy deploy-aws seed test test-unit test-integration parity bench check

INSTALLED := node_modules/.package-lock.json

$(INSTALLED): package-lock.json
	@node engine/bin/check-node.js
	npm ci --no-audit --no-fund
	@touch $@

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 20

up: $(INSTALLED) ## install what is missing, start the engine, deploy, seed; say where things are
	@npm run --silent up

down: $(INSTALLED) ## stop the engine; the data stays
	@npm run --silent down

reset: $(INSTALLED) ## stop the engine and forget all data
	@npm run --silent reset

status: $(INSTALLED) ## whether it runs, and where things are
	@npm run --silent status

logs: $(INSTALLED) ## what happens, as it happens
	@npm run --silent logs

deploy: $(INSTALLED) ## deploy again, after a change
	@npm run --silent deploy

destroy: $(INSTALLED) ## delete the deployed stacks; the engine goes on
	@npm run --silent destroy

deploy-aws: $(INSTALLED) ## deploy the same app to AWS, with plain `cdk deploy`
	@npm run --silent deploy:aws

seed: $(INSTALLED) ## put the demo data in
	@npm run --silent seed

test: $(INSTALLED) ## unit and integration tests; the latter on TARGET=localstack, image or aws instead
	@$(if $(filter-out embedded,$(TARGET)),npm run --silent test:integration -- --target $(TARGET),npm test)

test-unit: $(INSTALLED) ## unit tests alone
	@npm run --silent test:unit

test-integration: $(INSTALLED) ## integration tests alone
	@npm run --silent test:integration

parity: $(INSTALLED) ## the integration tests on every target that is there, as one table
	@npm run --silent parity

bench: $(INSTALLED) ## measure, side by side with others
	@npm run --silent bench

check: $(INSTALLED) ## lint, format and types
	@npm run --silent check
