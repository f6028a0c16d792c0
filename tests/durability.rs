//! Nothing that was acknowledged is lost: not by kills, not by publishers side by side, not by
//! a disk that is full, read-only or damaged, not by another version.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says where"
)]

mod durability {
    #[path = "../site/guests.rs"]
    #[allow(dead_code, reason = "the other components are for other tests")]
    mod guests;
    #[path = "../site/http.rs"]
    #[allow(dead_code, reason = "clients that behave badly are for other tests")]
    mod http;
    #[path = "../site/program.rs"]
    #[allow(dead_code, reason = "programs that do not start are for other tests")]
    mod program;

    mod blog;
    mod client;
    mod edit;
    mod lane;
    mod moment;
    mod reader;
    mod room;

    mod damage;
    mod disk;
    mod kills;
    mod publishers;
    mod spin;
    mod versions;
}
