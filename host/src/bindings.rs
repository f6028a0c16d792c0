//! What the host offers besides WASI, generated from `host/wit`.
#![expect(missing_docs, reason = "generated from the WIT files")]

wasmtime::component::bindgen!({
    path: "wit",
    world: "mayfly:host/extras",
    imports: {
        "wasi:keyvalue": async | trappable,
    },
    with: {
        "wasi:keyvalue/store.bucket": crate::keyvalue::Bucket,
    },
    trappable_error_type: {
        "wasi:keyvalue/store.error" => crate::keyvalue::Failure,
    },
});
