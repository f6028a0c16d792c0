//! Does a component leak? Requests are put to its instances, what each used is recorded, and the
//! statistics judge the series. It knows neither what the component is for nor who reads the
//! verdict.

mod drive;
mod host;
mod lane;
mod plan;
pub mod process;
mod record;
mod run;
pub mod statistics;
mod steps;
mod verdict;

pub use drive::{Driven, drive};
pub use host::Host;
pub use plan::{Plan, Scope};
pub use record::{KindRecord, Measure, Record};
pub use run::Pool;
pub use steps::Steps;
pub use verdict::{Evidence, Finding, Outcome};
