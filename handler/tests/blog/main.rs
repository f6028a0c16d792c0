// The blog through its one entrance, `respond`, over a store that can lose its power. Also the
// whole of `blog_spin`, which is why this is no doc comment.

mod aliases;
mod bodies;
mod caching;
mod check;
mod client;
mod collect;
mod crashes;
mod description;
mod feeds;
mod files;
mod http;
mod interleavings;
mod lists;
mod paths;
mod preview;
mod publish;
mod refuse;
mod reindex;
mod settings;
mod sim_host;
mod theme;
mod turnstile;
