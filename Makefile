# Every target works from a fresh clone on a Debian machine with Rust: what else is needed is
# installed by .ci/ensure (with sudo where that is needed) if it is not there yet.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo build test lint fmt doc bench catalogue-score deps deps-browser deps-node

CMP := fixtures/cmp

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

demo: deps-browser ## scan the bundled shop, leaky and compliant, and show both reports
	cargo run --locked --release --quiet -- demo

build: ## build the release binary, target/release/preconsent
	cargo build --locked --release

test: deps $(CMP)/node_modules/.package-lock.json doc ## run everything that can fail
	if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --locked; cargo test --locked --doc; else cargo test --locked; fi

lint: doc ## check format, clippy and documentation
	cargo fmt --all --check
	cargo clippy --locked --all-targets -- -D warnings

doc: ## build the documentation; a broken link is an error
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --lib --quiet

fmt: ## format the code
	cargo fmt --all

bench: deps-browser deps-shell $(CMP)/node_modules/.package-lock.json ## time scans against bare loads; make bench PARTS="a e" runs a part
	cargo bench --locked --bench scan -- $(PARTS)

catalogue-score: ## compare the catalogue with the Open Cookie Database: make catalogue-score OCD=FILE.csv
	OCD='$(abspath $(OCD))' cargo bench --locked --profile dev --bench catalogue_score

deps: deps-browser deps-shell deps-node ## install what is missing

deps-browser: ## install Chromium if there is neither Chrome nor Chromium
	@.ci/ensure browser

deps-shell: ## install the headless shell where there is a package of it
	@.ci/ensure shell

deps-node: ## install npm if it is missing (only the tests need it)
	@.ci/ensure npm

# The real consent platforms that the tests run against, exactly as locked.
$(CMP)/node_modules/.package-lock.json: $(CMP)/package-lock.json | deps-node
	npm ci --prefix $(CMP) --ignore-scripts --no-audit --no-fund
	@touch $@
