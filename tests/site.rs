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
    mod proxy;

    mod bare;
    mod beginning;
    mod ceilings;
    mod checking;
    mod clients;
    mod connections;
    mod debug;
    mod depth;
    mod describing;
    mod exporting;
    mod folders;
    mod greed;
    mod heads;
    mod interfaces;
    mod limits;
    mod links;
    mod metrics;
    mod mistakes;
    mod mutations;
    mod pauses;
    mod printing;
    mod profiles;
    mod pruning;
    mod publishing;
    mod redis;
    mod resuming;
    mod service;
    mod serving;
    mod shutdown;
    mod slow;
    mod stores;
    mod timing;
    mod upkeep;
    mod visiting;
    mod watching;
}
