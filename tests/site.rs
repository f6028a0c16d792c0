//! The program as its users meet it: the real binary, real HTTP, real files.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says where"
)]

mod site {
    mod guests;
    mod http;
    mod program;

    mod ceilings;
    mod clients;
    mod depth;
    mod interfaces;
    mod limits;
    mod mistakes;
    mod publishing;
    mod service;
    mod serving;
    mod shutdown;
    mod stores;
    mod visiting;
    mod watching;
}
