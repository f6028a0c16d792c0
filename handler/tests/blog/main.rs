//! The blog through its one entrance, `respond`, over a store that can lose its power.

mod client;
mod crashes;
mod machine;
mod preview;
mod publish;
mod refuse;
mod turns;
mod upkeep;
