//! The debug pages: the live page, health, and what they refuse.

use std::thread;

use super::guests::behaviours;
use super::http::{self, Reply};
use super::metrics::{metrics, server};
use super::program::{Site, wait_until};
use super::prometheus::Metrics;

#[test]
fn an_instance_is_alive_while_its_request_runs() {
    let (_site, server) = server(&[]);
    thread::scope(|scope| {
        let slow = scope.spawn(|| server.get("/sleep?3000"));
        let shows = || {
            server
                .debug("/debug/")
                .text()
                .contains("<code>GET /sleep?3000</code>")
        };
        wait_until("the request on the page", shows);
        let metrics = Metrics::parse(server.debug("/metrics").text());
        assert_eq!(metrics.value("mayfly_instances_alive"), 1.0);
        assert_eq!(metrics.value("mayfly_pool_memories"), 1.0);
        let page = server.debug("/debug/");
        let (running, _) = page.text().split_once("<h2>Routes").unwrap();
        let row = running
            .lines()
            .find(|line| line.contains("/sleep"))
            .unwrap();
        assert!(row.contains("1.1 MiB"), "{row}");
        assert_eq!(slow.join().unwrap().text(), "slept");
    });
    metrics(&server, 1.0);
    let page = server.debug("/debug/");
    let (before, recent) = page.text().split_once("<h2>Recent").unwrap();
    assert!(before.contains("<h2>Running</h2>\n<p>none"), "{before}");
    assert!(
        recent.contains("<code>GET /sleep?3000</code></td><td class=\"n\">200"),
        "{recent}"
    );
}

#[test]
fn the_page_is_escaped_and_says_how_requests_ended() {
    let (_site, server) = server(&["--cpu-limit", "100ms"]);
    server.get("/x\"onload=\"y&z");
    server.get("/loop");
    metrics(&server, 2.0);
    let page = server.debug("/debug/");
    let text = page.text();
    assert!(text.contains("/x&quot;onload=&quot;y&amp;z"), "{text}");
    assert!(!text.contains("\"onload"), "{text}");
    assert!(text.contains("cpu limit of 100 ms reached"), "{text}");
    assert!(text.contains("http-equiv=\"refresh\""), "{text}");
    assert!(
        !text.contains("<script") && !text.contains("src="),
        "{text}"
    );
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .contains("default-src 'none'")
    );
    assert!(
        !server
            .debug("/debug/?refresh=0")
            .text()
            .contains("http-equiv")
    );
}

#[test]
fn nothing_of_it_is_on_the_public_port() {
    let (_site, server) = server(&[]);
    let plain = Site::of(&behaviours());
    let plain = plain.serve(&["--store", "memory"]);
    for server in [&server, &plain] {
        for path in [
            "/metrics",
            "/healthz",
            "/debug/",
            "/debug/pprof/",
            "/debug/pprof/heap",
        ] {
            assert_eq!(server.get(path).text(), "no such behaviour", "{path}");
        }
    }
    assert!(
        !plain.output().contains("debug pages"),
        "{}",
        plain.output()
    );
}

#[test]
fn what_there_is_not_is_said_clearly() {
    let (_site, server) = server(&[]);
    for (path, status, part) in [
        ("/debug/pprof/mutex", 404, "/debug/pprof/ list"),
        (
            "/debug/?refresh=often",
            400,
            "refresh is a number from 0 to 3600",
        ),
        ("/debug/pprof/heap?path=x", 400, "must begin with `/`"),
        ("/debug/pprof/heap?path=/a%20b", 400, "must begin with `/`"),
        (
            "/debug/pprof/heap?n=1001",
            400,
            "n is a number from 1 to 1000",
        ),
        (
            "/debug/pprof/heap?n=5&reuse=6",
            400,
            "reuse is a number from 1 to 5",
        ),
        (
            "/debug/pprof/heap?debug=1",
            400,
            "leave it out and read the profile with `go tool pprof`",
        ),
        ("/debug/pprof/profile", 404, "/debug/pprof/ list"),
        ("/debug/pprof/symbol", 404, "/debug/pprof/ list"),
    ] {
        let reply = server.debug(path);
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.text().contains(part), "{path}: {}", reply.text());
    }
}

#[test]
fn methods_and_names() {
    let (_site, server) = server(&[]);
    let ask = |method, path| http::request(&server.debug_address(), method, path, b"");
    let posted = ask("POST", "/metrics");
    assert_eq!(
        (posted.status, posted.header("allow")),
        (405, Some("GET, HEAD"))
    );
    let head: Reply = ask("HEAD", "/metrics");
    assert_eq!((head.status, head.text()), (200, ""));
    assert_eq!(ask("GET", "/").header("location"), Some("/debug/"));
    let rebound = b"GET /debug/ HTTP/1.1\r\nhost: evil.example:6060\r\nconnection: close\r\n\r\n";
    let rebound = http::send(&server.debug_address(), rebound);
    assert_eq!(rebound.status, 403);
    let arguments = server.debug("/debug/pprof/cmdline");
    assert!(
        arguments.text().contains("serve\0--listen\0"),
        "{}",
        arguments.text()
    );
}

#[test]
fn health_ends_with_the_service() {
    let (_site, server) = server(&[]);
    assert_eq!(server.debug("/healthz").text(), "ok\n");
    thread::scope(|scope| {
        let slow = scope.spawn(|| server.get("/sleep?2000"));
        wait_until("the request", || {
            server.debug("/debug/").text().contains("/sleep?2000")
        });
        server.signal("TERM");
        wait_until("the end of health", || {
            server.debug("/healthz").status == 503
        });
        assert_eq!(slow.join().unwrap().text(), "slept");
    });
}

#[test]
fn a_taken_address_is_an_error() {
    let (site, server) = server(&[]);
    let address = server.debug_address();
    site.refuses(
        &["--store", "memory", "--debug-listen", &address],
        &["choose another address with --debug-listen"],
    );
}
