//! Stores in a Redis or Valkey server, under plain keys as Spin keeps them there: whatever their
//! names, all stores of one database are the same.
//!
//! Each call is one command: one round trip, and done as a whole or not at all. How much of it
//! survives a crash is the server's business; opening it tells when that is too little.

mod address;
mod condition;
mod connections;

use anyhow::{Error, Result};
use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind, cmd, pipe};
use tokio::runtime::Handle;

use super::budget::Budget;
use super::interface::VALUE_LIMIT_BYTES;
use super::{PIECE_BYTES, Page, Pair};
pub use address::Address;
use connections::{Command, Connections, Lane};

/// A server.
#[derive(Debug)]
pub struct Redis {
    address: Address,
    connections: Connections,
}

/// About how many keys a page has. A page of `SCAN` that is asked for again may have other keys
/// than before, so it must be small enough to be handled at once.
const PAGE: usize = 100;

impl Redis {
    /// Connects; the log tells what keeps the server from being trusted.
    pub(super) fn open(address: &Address) -> Result<Self> {
        let redis = Self {
            address: address.clone(),
            connections: Connections::to(address.info())?,
        };
        // Once, before the first request: nobody else waits for this thread.
        let command = cmd("INFO");
        let info = redis
            .connections
            .run::<String>(Lane::Reads, Command::One(&command));
        let info = tokio::task::block_in_place(|| Handle::current().block_on(info));
        match info {
            Err(error) if is_forbidden(&error) => {}
            info => {
                for worry in condition::worries(&redis.explained(info)?) {
                    tracing::warn!("store {address}: {worry}");
                }
            }
        }
        Ok(redis)
    }

    /// The values of the first of `keys`, those of all if they are not large.
    pub(super) async fn get_some(
        &self,
        keys: &[String],
        budget: &mut Budget,
    ) -> Result<Vec<Option<Vec<u8>>>> {
        let values: Vec<Option<Vec<u8>>> = match keys {
            [] => Vec::new(),
            [key] => vec![self.run(Lane::Reads, cmd("GET").arg(key)).await?],
            keys => {
                let keys = &keys[..self.fitting(keys, budget).await?];
                self.run(Lane::Reads, cmd("MGET").arg(keys)).await?
            }
        };
        for value in &values {
            budget.take(value.as_ref().map_or(0, Vec::len))?;
        }
        Ok(values)
    }

    /// How many of `keys` can be asked for in one command: their values come all at once, so
    /// those of many are measured before. Of some it is known that they are not too large.
    async fn fitting(&self, keys: &[String], budget: &Budget) -> Result<usize> {
        if keys.len() * VALUE_LIMIT_BYTES <= budget.left_bytes() {
            return Ok(keys.len());
        }
        let mut lengths = pipe();
        for key in keys {
            lengths.strlen(key);
        }
        let lengths = self.connections.run(Lane::Reads, Command::Many(&lengths));
        let lengths: Vec<usize> = self.explained(lengths.await)?;
        let (mut fitting, mut piece_bytes) = (0, 0);
        let mut planned = budget.clone();
        for length in lengths {
            planned.take(length)?;
            piece_bytes += length;
            fitting += 1;
            if piece_bytes >= PIECE_BYTES {
                break;
            }
        }
        Ok(fitting)
    }

    pub(super) async fn exists(&self, key: &str) -> Result<bool> {
        self.run(Lane::Reads, cmd("EXISTS").arg(key)).await
    }

    /// Some keys, from a cursor on; `SCAN` may name one again on another page.
    pub(super) async fn list_keys(&self, cursor: Option<&str>) -> Result<Page> {
        let mut scan = cmd("SCAN");
        scan.arg(cursor.unwrap_or("0")).arg("COUNT").arg(PAGE);
        let (cursor, keys): (String, Vec<Vec<u8>>) = self.run(Lane::Reads, &scan).await?;
        // Keys that are no text are not ours.
        let keys = keys.into_iter().map(String::from_utf8);
        let mut keys: Vec<String> = keys.filter_map(Result::ok).collect();
        keys.sort_unstable();
        keys.dedup();
        let cursor = Some(cursor).filter(|cursor| cursor != "0");
        Ok(Page { keys, cursor })
    }

    pub(super) async fn set_many(&self, pairs: &[Pair]) -> Result<()> {
        if pairs.is_empty() {
            return Ok(());
        }
        let mut set = cmd("MSET");
        for (key, value) in pairs {
            set.arg(key).arg(value.as_slice());
        }
        self.run(Lane::Writes, &set).await
    }

    pub(super) async fn delete_many(&self, keys: &[String]) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        self.run(Lane::Writes, cmd("DEL").arg(keys)).await
    }

    async fn run<T: FromRedisValue>(&self, lane: Lane, command: &Cmd) -> Result<T> {
        self.explained(self.connections.run(lane, Command::One(command)).await)
    }

    fn explained<T>(&self, answer: RedisResult<T>) -> Result<T> {
        answer.map_err(|error| {
            let context = format!("store {}: {}", self.address, remedy(&error));
            // The source of such an error says the same again.
            Error::msg(error.to_string()).context(context)
        })
    }
}

fn remedy(error: &RedisError) -> &'static str {
    match (error.kind(), error.code()) {
        (ErrorKind::Io, _) => "check that the server runs there and can be reached",
        (ErrorKind::Server(ServerErrorKind::BusyLoading), _) => {
            "it still reads its data: try again in a moment"
        }
        (ErrorKind::Server(ServerErrorKind::ReadOnly), _) => "it is a replica: name its primary",
        (ErrorKind::AuthenticationFailed, _) | (_, Some("NOAUTH" | "WRONGPASS")) => {
            "check the user and the password in its URL"
        }
        (_, Some("OOM")) => "its memory is full: raise its maxmemory",
        (_, Some("MISCONF")) => "it cannot save to its disk: see to that",
        _ if is_forbidden(error) => "let the user of its URL do this",
        _ => "the server's log may say more",
    }
}

fn is_forbidden(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoPerm)
}
