//! Metrics after known requests.

use super::guests::behaviours;
use super::http;
use super::program::{Server, Site, wait_until};
use super::prometheus::Metrics;

/// A server with debug pages, and with `arguments`.
pub fn server(arguments: &[&str]) -> (Site, Server) {
    let site = Site::of(&behaviours());
    let debug = ["--store", "memory", "--debug-listen", "127.0.0.1:0"];
    let server = site.serve(&[&debug, arguments].concat());
    (site, server)
}

/// The metrics once all of `requests` are over.
#[track_caller]
pub fn metrics(server: &Server, requests: f64) -> Metrics {
    let read = || Metrics::parse(server.debug("/metrics").text());
    let count = "mayfly_request_duration_seconds_count";
    wait_until("the end of all requests", || {
        let metrics = read();
        metrics.value(count) >= requests && metrics.value("mayfly_instances_alive") == 0.0
    });
    read()
}

#[test]
fn metrics_count_requests_memory_and_the_store() {
    let (_site, server) = server(&[]);
    for _ in 0..3 {
        assert_eq!(server.get("/method").status, 200);
    }
    for path in [
        "/status?404",
        "/status?404",
        "/no-such",
        "/trap",
        "/silent",
        "/memory?2",
    ] {
        server.get(path);
    }
    server.put("/store/default/key", b"12345");
    server.get("/store/default/key");
    http::send(
        &server.address,
        b"GET /method HTTP/1.1\r\nconnection: close\r\n\r\n",
    );
    let metrics = metrics(&server, 12.0);
    for (series, value) in [
        ("mayfly_requests_total{status=\"2xx\",end=\"done\"}", 6.0),
        ("mayfly_requests_total{status=\"4xx\",end=\"done\"}", 3.0),
        (
            "mayfly_requests_total{status=\"4xx\",end=\"turned_away\"}",
            1.0,
        ),
        ("mayfly_requests_total{status=\"5xx\",end=\"trap\"}", 1.0),
        (
            "mayfly_requests_total{status=\"5xx\",end=\"no_answer\"}",
            1.0,
        ),
        ("mayfly_route_requests_total{route=\"/method\"}", 4.0),
        ("mayfly_route_requests_total{route=\"/store/*\"}", 2.0),
        ("mayfly_route_requests_total{route=\"other\"}", 5.0),
        ("mayfly_store_round_trips_total", 2.0),
        ("mayfly_store_written_bytes_total", 5.0),
        ("mayfly_store_read_bytes_total", 5.0),
        ("mayfly_store_keys_written_total", 1.0),
        ("mayfly_request_duration_seconds_count", 12.0),
        ("mayfly_request_peak_memory_bytes_count", 11.0),
        (
            "mayfly_request_peak_memory_bytes_bucket{le=\"2.097152e+06\"}",
            10.0,
        ),
        (
            "mayfly_request_peak_memory_bytes_bucket{le=\"8.388608e+06\"}",
            11.0,
        ),
        ("mayfly_instances_alive", 0.0),
        ("mayfly_instances_limit", 64.0),
        ("mayfly_pool_memories", 0.0),
        ("mayfly_build_info{version=\"0.1.0\"}", 1.0),
    ] {
        assert_eq!(metrics.value(series), value, "{series}");
    }
    for series in [
        "process_resident_memory_bytes",
        "process_open_fds",
        "process_start_time_seconds",
    ] {
        assert!(metrics.value(series) > 0.0, "{series}");
    }
    // The system counts in hundredths of a second.
    assert_eq!(server.get("/busy?200000000").text(), "done");
    let text = server.debug("/metrics");
    let used = Metrics::parse(text.text()).value("process_cpu_seconds_total");
    assert!(used > metrics.value("process_cpu_seconds_total"), "{used}");
    let run = metrics.value("mayfly_instance_time_seconds_total{phase=\"execute\"}");
    assert!(
        run > 0.0 && run < metrics.value("mayfly_request_duration_seconds_sum"),
        "{run}"
    );
}

#[test]
fn made_up_paths_do_not_become_routes() {
    let (_site, server) = server(&[]);
    for number in 0..50 {
        server.get(&format!("/made-up-{number}"));
    }
    let metrics = metrics(&server, 50.0);
    assert_eq!(metrics.count("mayfly_route_requests_total"), 1);
    assert_eq!(
        metrics.value("mayfly_route_requests_total{route=\"other\"}"),
        50.0
    );
}
