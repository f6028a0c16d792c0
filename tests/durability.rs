//! Nothing that was acknowledged is lost: not by kills, not by publishers side by side, not by
//! a disk that is full, read-only or damaged, not by another version.

use crate::support::{guests, http, program};

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
