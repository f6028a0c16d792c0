//! Edits of posts, sent in batches.

use serde_json::{Value, json};

use super::client::Client;

/// The slug, and the new source if it is not to be deleted.
pub type Edit = (String, Option<String>);

/// Sends batches until the host is gone; which of those that were sent were acknowledged.
pub fn send_all(host: &Client, batches: &[Vec<Edit>]) -> Vec<bool> {
    let mut answers = Vec::new();
    for batch in batches {
        let reply = host.api("POST", "batch", body(batch));
        answers.push(matches!(&reply, Ok(reply) if reply.status == 200));
        match reply {
            Ok(reply) => {
                let is_taken = reply.status == 200 && !reply.text().contains("refused");
                assert!(is_taken || reply.status == 503, "{}", reply.text());
            }
            Err(_) => break,
        }
    }
    answers
}

pub fn body(edits: &[Edit]) -> String {
    let put = edits.iter().filter_map(|(slug, source)| {
        Some(json!({ "kind": "post", "name": slug, "source": source.as_ref()? }))
    });
    let delete = edits.iter().filter(|(_, source)| source.is_none());
    let delete = delete.map(|(slug, _)| json!({ "kind": "post", "slug": slug }));
    let (put, delete): (Vec<Value>, Vec<Value>) = (put.collect(), delete.collect());
    json!({ "put": put, "delete": delete }).to_string()
}
