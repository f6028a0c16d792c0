//! Input that nests: what a small stack holds is taken, what it does not is refused with its
//! line. Nothing that is published ends an instance.

use super::guests::blog;
use super::http::{Reply, send};
use super::program::{Server, Site};

const TOKEN: &str = "a-token-of-enough-characters";

/// A blog that takes what is sent with the token.
pub fn publishing(arguments: &[&str]) -> (Site, Server) {
    let site = Site::of(&blog());
    let mut command = site.mayfly(&["serve", "--listen", "127.0.0.1:0", "--store", "memory"]);
    let command = command.args(arguments);
    let server = Server::start(command.env("SPIN_VARIABLE_ADMIN_TOKEN", TOKEN));
    (site, server)
}

/// Puts a document into it.
#[track_caller]
pub fn put(server: &Server, path: &str, body: &(impl AsRef<[u8]> + ?Sized)) -> Reply {
    let body = body.as_ref();
    let head = format!(
        "PUT {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {TOKEN}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    send(&server.address, &[head.as_bytes(), body].concat())
}

/// A text that nests this deep.
type Nested = fn(usize) -> String;

fn around(open: &str, close: &str, depth: usize) -> String {
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn a_template_nests_as_deep_as_the_stack_holds() {
    let (_site, server) = publishing(&[]);
    let within = |text: &str| format!("{{{{ {text} }}}}");
    let kinds: [(&str, Nested); 6] = [
        ("parentheses", |depth| around("(", ")", depth)),
        ("lists", |depth| around("[", "]", depth)),
        ("calls", |depth| around("f(", ")", depth)),
        ("subscripts", |depth| around("x[", "]", depth)),
        ("negations", |depth| {
            format!("{}1", "not ".repeat(depth * 3))
        }),
        ("sums", |depth| format!("{}1", "1+".repeat(depth * 7))),
    ];
    for (kind, text) in kinds {
        let reply = put(&server, "/api/theme/x.html", &within(&text(32)));
        assert_eq!(reply.status, 200, "{kind}: {}", reply.text());
        let reply = put(
            &server,
            "/api/theme/x.html",
            &format!("\n{}", within(&text(300))),
        );
        assert_eq!(reply.status, 422, "{kind}");
        assert!(
            reply.text().contains("\"line\":2"),
            "{kind}: {}",
            reply.text()
        );
    }
    for (open, close) in [
        ("{% if 1 %}", "{% endif %}"),
        ("{% for x in y %}", "{% endfor %}"),
        ("{% if 1 %}{% elif 1 %}", "{% endif %}"),
    ] {
        let depth = if open.contains("elif") { 16 } else { 32 };
        let reply = put(&server, "/api/theme/x.html", &around(open, close, depth));
        assert_eq!(reply.status, 200, "{open}: {}", reply.text());
        assert_eq!(
            put(&server, "/api/theme/x.html", &around(open, close, 300)).status,
            422,
            "{open}"
        );
    }
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn a_document_nests_as_deep_as_the_stack_holds() {
    let (_site, server) = publishing(&[]);
    let post =
        |front: &str, body: &str| format!("---\ntitle: x\ndate: 2024-01-01\n{front}---\n{body}\n");
    for (text, status) in [
        (post("", &format!("{}x", "> ".repeat(90))), 201),
        (post("", &format!("{}x", "> ".repeat(5000))), 422),
        (post("", &around("*", "*", 5000)), 422),
        (post("", &around("[", "]", 5000)), 200),
        (
            post(&format!("extra: {}\n", around("[", "]", 5000)), "x"),
            422,
        ),
        (
            format!(
                "+++\ntitle = 'x'\n[extra]\na = {}\n+++\nx\n",
                around("[", "]", 5000)
            ),
            422,
        ),
    ] {
        let reply = put(&server, "/api/posts/x", &text);
        assert_eq!(reply.status, status, "{}", reply.text());
    }
    let settings = format!("title = 'x'\n[extra]\na = {}\n", around("[", "]", 5000));
    assert_eq!(put(&server, "/api/site", &settings).status, 422);
}
