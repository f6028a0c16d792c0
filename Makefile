.PHONY: serve build component host test bench fmt clean

serve: build
	target/debug/mayfly serve --content content

build: component host

# Two statements, so that a missing toolchain stops here.
component:
	rustc=$$(.ci/wasm-toolchain) && \
	RUSTC="$$rustc" cargo build --target wasm32-wasip2 --release -p handler --locked

host:
	cargo build --locked --workspace

# The doc tests come first: nextest does not run them, and its summary closes the output.
test: component
	cargo fmt --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo test --doc --workspace --locked
	if command -v cargo-nextest >/dev/null; then \
		cargo nextest run --workspace --locked; \
	else \
		cargo test --tests --workspace --locked; \
	fi

bench: component
	cargo bench --workspace --bench '*' --profile dev --locked

fmt:
	cargo fmt

# The Debian-built toolchain stays: it takes minutes and depends on nothing in the sources.
clean:
	cargo clean
