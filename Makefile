# Everything here is a short name for a cargo command; `make help` lists them.

SUITE_URL := https://github.com/WebAssembly/testsuite
SUITE_COMMIT := 193e551ff22663995b1ac95dc62344133669e14b
SUITE_DIR := spec-tests/testsuite
CHECKOUT = $(or $(TRAPLINE_SPEC_TESTS),$(wildcard $(SUITE_DIR)))

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: test
test: ## every test of every crate
	cargo test --workspace

.PHONY: conformance
conformance: ## the suite and the regressions, one test per script
	cargo test conformance

.PHONY: conformance-matrix
conformance-matrix: ## the suite at each optimisation level, memory style and processor baseline
	for opt in none speed; do for memory in guarded checked; do for cpu in native baseline; do \
	  cargo run --release -- wast --format terse --opt $$opt --memory $$memory --cpu $$cpu || exit 1; \
	done; done; done

.PHONY: compare
compare: ## run the suite and the regressions on aot, jit and linked, and compare them directive by directive
	cargo run --release -- compare --engine aot,jit,linked --format terse

.PHONY: regressions
regressions: ## run regressions/ at each optimisation level, memory style and processor baseline
	for opt in none speed speed_and_size; do for memory in guarded checked; do for cpu in native baseline; do \
	  cargo run --release -- wast --format terse --opt $$opt --memory $$memory --cpu $$cpu regressions || exit 1; \
	done; done; done

.PHONY: spec-tests
spec-tests: $(SUITE_DIR) ## clone the pinned commit of the official suite into spec-tests/testsuite/

$(SUITE_DIR):
	rm -rf $@.partial
	git init --quiet $@.partial
	git -C $@.partial fetch --quiet --depth 1 $(SUITE_URL) $(SUITE_COMMIT)
	git -C $@.partial -c advice.detachedHead=false checkout --quiet FETCH_HEAD
	mv $@.partial $@

.PHONY: spec-manifest
spec-manifest: ## regenerate spec-tests/manifest.toml from the embedded suites and the clone
	cargo run --package trapline-spec-tests --features manifest --bin spec-manifest -- \
	  $(if $(CHECKOUT),--suite $(CHECKOUT))

.PHONY: bench
bench: ## measure the cost of a module: translate, compile, emit, map, instantiate
	cargo bench --package trapline-benches

.PHONY: lint
lint: ## formatting, clippy, documentation, architecture
	.ci/run lint

.PHONY: ci
ci: ## all that continuous integration runs
	.ci/run
