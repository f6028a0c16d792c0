//! Connections to one server: one for reads and one for writes, so that no reader waits behind
//! what a publisher sends. Lost ones are rebuilt by the next request that needs them.
//!
//! The client's own connection manager will not do: it goes on using a connection that timed
//! out, and the first request after the server is back still gets the failure from before.

use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::io::tcp::socket2::TcpKeepalive;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionInfo, ErrorKind, FromRedisValue, Pipeline,
    RedisError, RedisResult, ServerErrorKind,
};
use tokio::sync::Mutex;

/// A server, and the connections to it if there are any.
#[derive(Debug)]
pub(super) struct Connections {
    client: Client,
    config: AsyncConnectionConfig,
    state: Mutex<State>,
}

/// Which of the two connections a command takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lane {
    Reads,
    Writes,
}

/// What is sent at once.
#[derive(Clone, Copy)]
pub(super) enum Command<'a> {
    One(&'a Cmd),
    Many(&'a Pipeline),
}

#[derive(Debug)]
enum State {
    Closed,
    Open(Pair),
    Failed(RedisError, Instant),
}

#[derive(Clone, Debug)]
struct Pair {
    made: Instant,
    reads: MultiplexedConnection,
    writes: MultiplexedConnection,
}

/// How long a server may take to let someone in.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

/// How long it may take to answer a command.
const ANSWER_PATIENCE: Duration = Duration::from_secs(3);

/// For how long a failure to connect stands: requests that come in the meantime get it at
/// once, where each would wait for one of its own.
const FAILURE_STANDS: Duration = Duration::from_millis(250);

/// After how much silence the system asks whether the other side is still there.
const SILENCE: Duration = Duration::from_secs(30);

impl Connections {
    pub(super) fn to(info: ConnectionInfo) -> RedisResult<Self> {
        // Without lingering, what was not sent when a connection is given up is dropped: a write
        // that has failed for a publisher must not come about minutes later.
        let tcp = TcpSettings::default()
            .set_nodelay(true)
            .set_keepalive(TcpKeepalive::new().with_time(SILENCE))
            .set_linger_time(Duration::ZERO);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_PATIENCE))
            .set_response_timeout(Some(ANSWER_PATIENCE));
        Ok(Self {
            client: Client::open(info.set_tcp_settings(tcp))?,
            config,
            state: Mutex::new(State::Closed),
        })
    }

    /// Runs a command, on a new connection if the old one turns out to be lost.
    pub(super) async fn run<T: FromRedisValue>(
        &self,
        lane: Lane,
        command: Command<'_>,
    ) -> RedisResult<T> {
        let began = Instant::now();
        loop {
            let mut pair = self.pair(began).await?;
            let answer = match command {
                Command::One(command) => command.query_async(pair.of(lane)).await,
                Command::Many(commands) => commands.query_async(pair.of(lane)).await,
            };
            let Err(error) = &answer else { return answer };
            if ends_connection(error) {
                self.forget(&pair).await;
            }
            // Servers end connections that nobody used for long, or restart. Once more does no
            // harm: what is set or deleted twice is set or deleted.
            if !error.is_connection_dropped() || pair.made >= began {
                return answer;
            }
        }
    }

    /// The connections; made by one request, if there are none, while the others wait for it.
    async fn pair(&self, began: Instant) -> RedisResult<Pair> {
        let mut state = self.state.lock().await;
        match &*state {
            State::Open(pair) => return Ok(pair.clone()),
            State::Failed(error, at) if *at + FAILURE_STANDS > began => return Err(error.clone()),
            State::Failed(..) | State::Closed => {}
        }
        let connect = || {
            self.client
                .get_multiplexed_async_connection_with_config(&self.config)
        };
        match tokio::try_join!(connect(), connect()) {
            Ok((reads, writes)) => {
                let pair = Pair {
                    made: Instant::now(),
                    reads,
                    writes,
                };
                *state = State::Open(pair.clone());
                Ok(pair)
            }
            Err(error) => {
                *state = State::Failed(error.clone(), Instant::now());
                Err(error)
            }
        }
    }

    async fn forget(&self, lost: &Pair) {
        let mut state = self.state.lock().await;
        if matches!(&*state, State::Open(pair) if pair.made == lost.made) {
            *state = State::Closed;
        }
    }
}

impl Pair {
    fn of(&mut self, lane: Lane) -> &mut MultiplexedConnection {
        match lane {
            Lane::Reads => &mut self.reads,
            Lane::Writes => &mut self.writes,
        }
    }
}

/// Whether other connections may do what this one did not. One that leads to a replica does,
/// too: the name of the primary may mean another machine by now.
fn ends_connection(error: &RedisError) -> bool {
    let leads_to_replica = error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly);
    error.is_io_error() || error.is_unrecoverable_error() || leads_to_replica
}
