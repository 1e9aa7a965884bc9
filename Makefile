# Thin on purpose: every target is an npm script or a `tierkit` command, so all of it works without make.
.DEFAULT_GOAL := help
.PHONY: help up down reset status logs deploy destroy deploy-aws seed test test-unit test-integration parity bench check

# TARGET=localstack: on LocalStack, Postgres and Redis in containers (docs/targets.md).
on-target = @$(if $(filter-out embedded localstack,$(TARGET)),echo 'make $@ knows no TARGET=$(TARGET): it is embedded (the default) or localstack' >&2; exit 64,npm run --silent $@$(if $(filter localstack,$(TARGET)),:localstack))

INSTALLED := node_modules/.package-lock.json

$(INSTALLED): package-lock.json
	@node engine/bin/check-node.js
	npm ci --no-audit --no-fund
	@touch $@

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 20

up: $(INSTALLED) ## install what is missing, start the engine, deploy, seed; say where things are
	$(on-target)

down: $(INSTALLED) ## stop the engine; the data stays
	$(on-target)

reset: $(INSTALLED) ## stop the engine and forget all data
	$(on-target)

status: $(INSTALLED) ## whether it runs, and where things are
	$(on-target)

logs: $(INSTALLED) ## what happens, as it happens
	$(on-target)

deploy: $(INSTALLED) ## deploy again, after a change
	$(on-target)

destroy: $(INSTALLED) ## delete the deployed stacks; the engine goes on
	$(on-target)

deploy-aws: $(INSTALLED) ## deploy the same app to AWS, with plain `cdk deploy`
	@npm run --silent deploy:aws

seed: $(INSTALLED) ## put the demo data in
	$(on-target)

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
