//! Several publishers in one world, of whom one at a time makes a call to the store.

use crate::sim_host::{SimHost, Turns, World};
use fastrand::Rng;
use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// Lets one of several threads do one thing at a time.
struct Turnstile {
    world: Arc<World>,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    rng: Rng,
    /// How often on average, in turns, someone stalls.
    stalls_every: Option<u32>,
    /// When each thread goes on; `None` once it has ended.
    awake_at: Vec<Option<i64>>,
    /// Whose turn it is.
    next: usize,
}

impl Turnstile {
    fn new(world: &Arc<World>, threads: usize, seed: u64, stalls_every: Option<u32>) -> Arc<Self> {
        let mut rng = Rng::with_seed(seed);
        Arc::new(Self {
            world: world.clone(),
            state: Mutex::new(State {
                next: rng.usize(..threads),
                awake_at: vec![Some(0); threads],
                stalls_every,
                rng,
            }),
            changed: Condvar::new(),
        })
    }

    /// Ends the turn of a thread, which goes on at some time or never.
    fn pass(&self, state: &mut State, me: usize, ms: Option<i64>) {
        self.world.tick(state.rng.i64(1..8));
        let stalls = state
            .stalls_every
            .is_some_and(|every| state.rng.u32(..every) == 0);
        let stall = if stalls { state.rng.i64(50..20_000) } else { 0 };
        state.awake_at[me] = ms.map(|ms| self.world.now_ms() + ms + stall);
        let Some(first) = state.awake_at.iter().flatten().min().copied() else {
            return;
        };
        self.world.tick((first - self.world.now_ms()).max(0));
        let now = self.world.now_ms();
        let awake = |at: &Option<i64>| at.is_some_and(|at| at <= now);
        let ready: Vec<usize> = (0..state.awake_at.len())
            .filter(|who| awake(&state.awake_at[*who]))
            .collect();
        state.next = ready[state.rng.usize(..ready.len())];
        self.changed.notify_all();
    }
}

/// One thread's way through.
struct Turn {
    turnstile: Arc<Turnstile>,
    me: usize,
    has_begun: Cell<bool>,
}

impl Turns for Turn {
    fn wait(&self, ms: i64) {
        let mut state = self.turnstile.state.lock().expect("no panic");
        // A thread that begins has no turn to end.
        if self.has_begun.replace(true) {
            self.turnstile.pass(&mut state, self.me, Some(ms));
        }
        while state.next != self.me {
            state = self.turnstile.changed.wait(state).expect("no panic");
        }
    }
}

/// A thread that ends, by a panic too, lets the others go on.
impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.turnstile.state.lock().expect("no panic");
        while state.next != self.me {
            state = self.turnstile.changed.wait(state).expect("no panic");
        }
        self.turnstile.pass(&mut state, self.me, None);
    }
}

/// What one publisher does on its machine.
pub(crate) type Publisher = Box<dyn FnOnce(&SimHost) + Send>;

/// Runs publishers side by side in one world.
pub(crate) fn side_by_side(
    world: &Arc<World>,
    seed: u64,
    stalls_every: Option<u32>,
    publishers: Vec<Publisher>,
) {
    let turnstile = Turnstile::new(world, publishers.len(), seed, stalls_every);
    thread::scope(|scope| {
        for (me, publish) in publishers.into_iter().enumerate() {
            let turnstile = turnstile.clone();
            scope.spawn(move || {
                let mut machine = SimHost::on(world.clone());
                machine.turns = Some(Box::new(Turn {
                    turnstile,
                    me,
                    has_begun: Cell::new(false),
                }));
                publish(&machine);
            });
        }
    });
}
