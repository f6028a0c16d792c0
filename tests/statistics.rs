//! The statistics behind a verdict, without a program.

mod generate;
mod judging;
