//! All that knows WASI and Spin: it turns their request, store, clock and variables into the
//! blog's own, and the blog's response into theirs.

mod outgoing;
mod spin;

use crate::request::{Method, Request, relevant_headers};
use spin::{Spin, first};
use spin_sdk::http::{IncomingRequest, ResponseOutparam};

mod snapshot {
    spin_sdk::wit_bindgen::generate!({
        inline: "package mayfly:blog; world snapshot { export wizer-initialize: func(); }",
        runtime_path: "::spin_sdk::wit_bindgen::rt",
    });

    struct Blog;

    // Hosts that know this name (it is Wizer's convention) call it once, before the first
    // request, and start every instance from the memory it leaves. It must import nothing.
    impl Guest for Blog {
        fn wizer_initialize() {
            crate::preload_templates();
        }
    }

    export!(Blog);
}

// Not async: an instance has one request, so waiting is the host's business alone.
#[spin_sdk::http_component]
fn handle(incoming: IncomingRequest, out: ResponseOutparam) {
    let request = head(&incoming);
    let host = Spin::new(incoming);
    let response = crate::respond(&host, &request);
    outgoing::send(out, response, request.method, &host);
}

/// Reads a request up to its body.
fn head(incoming: &IncomingRequest) -> Request {
    let path_and_query = incoming.path_with_query().unwrap_or_default();
    let (path, query) = path_and_query
        .split_once('?')
        .unwrap_or((&path_and_query, ""));
    let method = Method::parse(method_name(&incoming.method()));
    let fields = incoming.headers();
    let headers = relevant_headers(method, path)
        .iter()
        .filter_map(|&name| Some((name, first(&fields, name)?)));
    Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers.collect(),
    }
}

fn method_name(method: &spin_sdk::http::Method) -> &str {
    use spin_sdk::http::Method as M;
    match method {
        M::Get => "GET",
        M::Head => "HEAD",
        M::Put => "PUT",
        M::Delete => "DELETE",
        M::Post => "POST",
        M::Options => "OPTIONS",
        M::Connect | M::Patch | M::Trace | M::Other(_) => "",
    }
}
