.PHONY: serve build component guests host install test bench fmt clean

serve: build
	target/debug/mayfly serve --content content

build: component host

# Two statements, so that a missing toolchain stops here.
component:
	rustc=$$(.ci/wasm-toolchain) && \
	RUSTC="$$rustc" cargo build --target wasm32-wasip2 --release -p handler --locked

# The components that the tests run, compiled as a stranger compiles them: without our flags.
guests:
	rustc=$$(.ci/wasm-toolchain) && \
	RUSTC="$$rustc" RUSTFLAGS= cargo build --target wasm32-wasip2 --release --locked \
		--manifest-path tests/fixtures/guests/Cargo.toml --target-dir target/tmp/guests

host:
	cargo build --locked -p mayfly

# An optimised program, with its manual pages and the completions of bash.
install:
	cargo install --path host --locked --profile optimized
	mayfly="$${CARGO_HOME:-$$HOME/.cargo}/bin/mayfly"; data="$${XDG_DATA_HOME:-$$HOME/.local/share}"; \
	mkdir -p "$$data/man/man1" "$$data/bash-completion/completions" && \
	"$$mayfly" man "$$data/man/man1" && \
	"$$mayfly" completions bash > "$$data/bash-completion/completions/mayfly"

# The doc tests come first: nextest does not run them, and its summary closes the output.
test: export COMPONENTS_ARE_BUILT = 1
test: component guests
	cargo fmt --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo test --doc --workspace --locked
	if command -v cargo-nextest >/dev/null; then \
		cargo nextest run --workspace --locked; \
	else \
		cargo test --tests --workspace --locked; \
	fi

bench: component
	cargo bench -p mayfly --bench bench --profile dev --locked

fmt:
	cargo fmt

# The Debian-built toolchain stays: it takes minutes and depends on nothing in the sources.
clean:
	cargo clean
