//! The blog through its one entrance, `respond`, over a store that can lose its power.

mod check;
mod client;
mod collect;
mod crashes;
mod description;
mod files;
mod http;
mod lists;
mod machine;
mod paths;
mod preview;
mod publish;
mod refuse;
mod reindex;
mod turns;
