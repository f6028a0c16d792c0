//! The sample of one request: what its instance used, as plain data.
//!
//! It counts one instance. It does not count what the host itself keeps for the request:
//! the connection, buffers of bodies, the instance's stack and handles.

use std::fmt;
use std::time::Duration;

use hyper::StatusCode;
use serde::Serialize;

use crate::units::{show_size, show_time};

/// What one request used.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// Linear memory after instantiation, in bytes, over all memories of the component.
    pub initial_memory_bytes: usize,
    /// Linear memory when the instance was dropped. Linear memory never shrinks, so this says
    /// what the instance had asked for, not what it still used.
    pub final_memory_bytes: usize,
    /// The most linear memory at any time, in bytes.
    pub peak_memory_bytes: usize,
    /// How often a memory grew after instantiation; not by how much.
    pub memory_growths: u32,
    /// Elements of all tables at the end, references to functions mostly; their bytes are not in
    /// any of the memories.
    pub table_elements: usize,
    /// Bytes that the component's allocator had handed out and not got back at the end, its own
    /// headers included; none where the allocator is not watched or not known.
    pub live_bytes: Option<i64>,
    /// Bytes that it handed out during the request.
    pub allocated_bytes: Option<i64>,
    /// Handles to host resources (streams, bodies, stores) that the component had not dropped at the end;
    /// the streams and futures of WASI 0.3 do not count.
    pub host_resources: usize,
    /// What it used of its stores.
    #[serde(flatten)]
    pub store: StoreUse,
    /// Microseconds for which the request waited for an instance, because as many as are allowed
    /// were running.
    pub queue_us: u64,
    /// Microseconds to make the instance.
    pub instantiate_us: u64,
    /// Microseconds that the instance ran: its code and the host's work for it, but neither the
    /// store nor any waiting.
    pub execute_us: u64,
    /// Microseconds from the start to the end of calls to the store.
    pub store_us: u64,
    /// Microseconds from the request's arrival until the instance was dropped, the queue and the
    /// time in which the client read the body included.
    pub total_us: u64,
    /// Status of the component's response; none if it gave none.
    pub status: Option<u16>,
    /// How the instance ended.
    pub end: End,
}

/// How an instance ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum End {
    /// It answered and returned.
    Done,
    /// It was refused memory beyond this many bytes, and gave up.
    Memory(usize),
    /// It used up its processor time.
    Cpu(Duration),
    /// It used up its time.
    Wall(Duration),
    /// Its code trapped, for this reason.
    Trap(String),
    /// It returned without an answer, or answered with an error.
    NoAnswer(String),
    /// The client went away first.
    Disconnected,
    /// It never was: as many as are allowed ran already.
    Refused,
    /// It never was: no component can be given such a request, for this reason.
    BadRequest(&'static str),
}

/// What one request used of its stores. Opening a store is no round trip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct StoreUse {
    /// Calls that went to the backend; a batch is one.
    pub store_round_trips: u32,
    /// Bytes of values read; keys do not count.
    pub store_read_bytes: u64,
    /// Bytes of values written; keys do not count.
    pub store_written_bytes: u64,
    /// Keys set or deleted.
    pub store_keys_written: u32,
}

impl Sample {
    /// The sample of a request that got no instance in the time for which it was `queued`, because
    /// of `end`.
    pub fn without_instance(end: End, queued: Duration) -> Self {
        let queue_us = queued.as_micros() as u64;
        Self {
            initial_memory_bytes: 0,
            final_memory_bytes: 0,
            peak_memory_bytes: 0,
            memory_growths: 0,
            table_elements: 0,
            live_bytes: None,
            allocated_bytes: None,
            host_resources: 0,
            store: StoreUse::default(),
            queue_us,
            instantiate_us: 0,
            execute_us: 0,
            store_us: 0,
            total_us: queue_us,
            status: None,
            end,
        }
    }
}

impl End {
    /// The component answered with an error of HTTP.
    pub(super) fn refused_by_component(code: &impl fmt::Debug) -> Self {
        Self::NoAnswer(format!("the component answered {code:?}"))
    }

    /// Whether there was an instance that came to this end.
    pub fn had_instance(&self) -> bool {
        !matches!(self, Self::Refused | Self::BadRequest(_))
    }

    /// The status of the answer in place of one that the instance did not give.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused | Self::Memory(_) | Self::Cpu(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Wall(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            // As other servers log it: nobody is there to see it.
            Self::Disconnected => StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The limit that the request reached, in words for its client, who may send less at once;
    /// how high it is concerns only the operator.
    pub fn limit(&self) -> Option<&'static str> {
        match self {
            Self::Memory(_) => Some("memory limit"),
            Self::Cpu(_) => Some("cpu limit"),
            Self::Wall(_) => Some("time limit"),
            _ => None,
        }
    }

    /// One word, for labels.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Memory(_) => "memory",
            Self::Cpu(_) => "cpu",
            Self::Wall(_) => "time",
            Self::Trap(_) => "trap",
            Self::NoAnswer(_) => "no_answer",
            Self::Disconnected => "disconnected",
            Self::Refused => "refused",
            Self::BadRequest(_) => "bad_request",
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Done => write!(f, "done"),
            Self::Memory(bytes) => write!(f, "memory limit of {} reached", show_size(*bytes)),
            Self::Cpu(time) => write!(f, "cpu limit of {} reached", show_time(*time)),
            Self::Wall(time) => write!(f, "time limit of {} reached", show_time(*time)),
            Self::Trap(reason) => write!(f, "trap: {reason}"),
            Self::NoAnswer(reason) => write!(f, "no answer: {reason}"),
            Self::Disconnected => write!(f, "the client went away"),
            Self::Refused => write!(f, "all instances were busy"),
            Self::BadRequest(reason) => write!(f, "bad request: {reason}"),
        }
    }
}
