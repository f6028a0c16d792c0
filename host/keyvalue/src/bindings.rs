//! What the host offers besides WASI, generated from `wit/`.

wasmtime::component::bindgen!({
    path: "wit",
    world: "mayfly:host/extras",
    imports: {
        "wasi:keyvalue": async | trappable,
        "fermyon:spin/key-value": async | trappable,
    },
    with: {
        "wasi:keyvalue/store.bucket": crate::Bucket,
        "fermyon:spin/key-value.store": crate::Bucket,
    },
    trappable_error_type: {
        "wasi:keyvalue/store.error" => crate::Failure,
        "fermyon:spin/key-value.error" => crate::Failure,
    },
});

/// The older draft of `wasi:keyvalue`, whose names differ in their version only.
pub mod draft {
    wasmtime::component::bindgen!({
        path: "wit/draft",
        world: "wasi:keyvalue/imports",
        imports: {
            default: async | trappable,
        },
        with: {
            "wasi:keyvalue/store.bucket": crate::Bucket,
        },
        trappable_error_type: {
            "wasi:keyvalue/store.error" => crate::Failure,
        },
    });
}
