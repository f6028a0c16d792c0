//! Former paths: each leads to one document, and none hides another.

use crate::client::post;
use crate::sim_host::SimHost;
use handler::request::Method;

#[test]
fn an_alias_that_another_document_has_as_its_address_is_refused() {
    let blog = SimHost::furnished();
    blog.put("posts/here", post("Here", "2026-05-01", ""))
        .expect(201);
    let alias = "aliases: [/posts/here]\n";
    let refused = blog
        .put("posts/other", post("Other", "2026-05-02", alias))
        .expect(422);
    assert!(refused.text().contains("the address of another document"));
    blog.delete("posts/here").expect(204);
    blog.put("posts/other", post("Other", "2026-05-02", alias))
        .expect(201);
    let moved = blog.get("/posts/here").expect(301);
    assert_eq!(moved.header("location"), "/posts/other");
}

#[test]
fn of_two_documents_of_a_batch_with_one_alias_the_second_is_refused() {
    let blog = SimHost::furnished();
    let put = ["one", "two"].map(|name| {
        let source = post("One", "2026-05-01", "aliases: [/old]\n");
        serde_json::json!({ "kind": "post", "name": name, "file": format!("{name}.md"), "source": source })
    });
    let body = serde_json::json!({ "put": put }).to_string();
    let answer = blog.api(Method::Post, "batch", &body).expect(200).json();
    let status = |at: usize| answer["results"][at]["status"].as_str().map(str::to_owned);
    assert_eq!(status(0).as_deref(), Some("created"));
    assert_eq!(status(1).as_deref(), Some("refused"));
    let told = answer["results"][1]["problems"][0]["message"].to_string();
    assert!(told.contains("/old already leads to one.md"), "{told}");
}
