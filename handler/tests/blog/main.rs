//! The blog through its one entrance, `respond`, over a store that can lose its power.

mod caching;
mod check;
mod client;
mod collect;
mod crashes;
mod description;
mod feeds;
mod files;
mod lists;
mod machine;
mod preview;
mod publish;
mod refuse;
mod reindex;
mod settings;
mod theme;
mod turns;
