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
compare: ## run the suite and the regressions on aot, jit and linked, and with wasmi, and compare them directive by directive
	cargo run --release -- compare --engine aot,jit,linked --format terse
	cargo run --release -- compare --engine aot,wasmi --format terse

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
bench: ## measure the cost of a module, step by step, and of exceptions and calls in compiled code
	cargo bench --package trapline-benches

FUZZ_TARGETS := manifest object script expectations report
FUZZ_SECONDS := 120
STORM ?= 10000

FUZZ_DIR := fuzz/target/fuzzing
# Coverage for libFuzzer, as `cargo fuzz --sanitizer none` asks for it; a stable compiler has all of it.
FUZZ_FLAGS := --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares
HOST = $(shell rustc --print host-tuple)

.PHONY: fuzz
fuzz: fuzz-build fuzz-seeds ## run each fuzz target for FUZZ_SECONDS (120) over seeds made from the repository
	for target in $(FUZZ_TARGETS); do mkdir -p $(FUZZ_DIR)/faults/$$target && \
	  $(FUZZ_DIR)/$(HOST)/debug/$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 \
	    -artifact_prefix=$(FUZZ_DIR)/faults/$$target/ $(FUZZ_DIR)/corpus/$$target || exit 1; \
	done

# The target is named so that the flags reach no build script.
.PHONY: fuzz-build
fuzz-build:
	RUSTFLAGS="$(FUZZ_FLAGS)" cargo build --manifest-path fuzz/Cargo.toml --target $(HOST) --target-dir $(FUZZ_DIR)

.PHONY: fuzz-seeds
fuzz-seeds:
	cargo run --package trapline --example fuzz-seeds -- $(FUZZ_DIR)/corpus
	cargo run --package trapline --bin trapline -- wast --format json -o $(FUZZ_DIR)/corpus/report/tables regressions/tables

.PHONY: storm
storm: ## send STORM (10000) signals to workers, and look for lost outcomes
	TRAPLINE_STORM=$(STORM) cargo test --release --package trapline --test program storm -- --nocapture

.PHONY: lint
lint: ## formatting, clippy, documentation, architecture
	.ci/run lint

.PHONY: ci
ci: ## all that continuous integration runs
	.ci/run
