//! The program as its users meet it: the real binary, real HTTP, real files.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says where"
)]

mod site {
    mod guests;
    mod http;
    mod program;
    mod prometheus;

    mod ceilings;
    mod clients;
    mod debug;
    mod depth;
    mod limits;
    mod mistakes;
    mod profiles;
    mod publishing;
    mod serving;
    mod shutdown;
    mod stores;
    mod visiting;
    mod watching;
}
