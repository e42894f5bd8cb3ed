//! Blocks on their way through threads that deflate them.
//!
//! In: blocks that know all they need. Out: the same blocks, deflated, each from the receiver that
//! was given for it. A block's output depends on nothing but the block. The threads start as they
//! are needed, and end with the pool.

use std::io;
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use flate2::{Compress, Compression, FlushCompress, Status};

/// The bytes of a block but the last.
pub const BLOCK: usize = 256 * 1024;
/// How far back DEFLATE can refer.
pub const WINDOW: usize = 32 * 1024;

/// The most that a block becomes: what does not compress grows by an eighth, where it is the fastest
/// level that deflates it.
const MOST: usize = BLOCK + BLOCK / 8 + 1024;

/// Bytes to deflate.
pub struct Block {
    /// At most [`WINDOW`] bytes that stand before the block, then the block.
    pub input: Vec<u8>,
    /// How many of them stand before the block.
    pub before: usize,
    /// 0 to 9.
    pub level: u32,
    /// Whether the stream ends with it.
    pub last: bool,
    /// The block, deflated; it ends on a whole byte.
    pub output: Vec<u8>,
}

impl Block {
    /// An empty block, with room for all it will hold: memory that grows is memory that is scattered.
    pub fn new(level: u32) -> Self {
        let input = Vec::with_capacity(WINDOW + BLOCK);
        Self { input, before: 0, level, last: false, output: Vec::with_capacity(MOST) }
    }
}

type Job = (Block, Sender<io::Result<Block>>);

/// Threads that deflate.
pub struct Pool {
    most: usize,
    threads: Vec<JoinHandle<()>>,
    /// Gone when the pool ends, so that the threads end.
    jobs: Option<Sender<Job>>,
    queue: Arc<Mutex<Receiver<Job>>>,
}

impl Pool {
    /// A pool of at most so many threads; one is none beside the caller's.
    pub fn new(threads: NonZeroUsize) -> Self {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        Self { most: threads.get(), threads: Vec::new(), jobs: Some(jobs), queue }
    }

    /// Whether blocks can be deflated beside the caller.
    pub fn is_parallel(&self) -> bool {
        self.most > 1
    }

    /// How many blocks keep all threads busy while the caller does something else.
    pub fn depth(&self) -> usize {
        self.most + 4
    }

    /// Has a block deflated by a thread, or here where there can be none.
    pub fn start(&mut self, block: Block) -> Receiver<io::Result<Block>> {
        let (done, result) = channel();
        if self.threads.len() < self.most {
            self.start_thread();
        }
        match &self.jobs {
            Some(jobs) if !self.threads.is_empty() => {
                let _ = jobs.send((block, done));
            }
            _ => {
                let _ = done.send(deflated(block));
            }
        }
        result
    }

    /// The system may refuse: then those that run must do.
    fn start_thread(&mut self) {
        let queue = Arc::clone(&self.queue);
        match thread::Builder::new().name("deflate".to_owned()).spawn(move || work(&queue)) {
            Ok(thread) => self.threads.push(thread),
            Err(_) => self.most = self.threads.len(),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.jobs = None;
        self.threads.drain(..).for_each(|thread| drop(thread.join()));
    }
}

fn work(queue: &Mutex<Receiver<Job>>) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((block, done)) = job else { return };
        // Nobody waits for it where the archive was given up.
        let _ = done.send(deflated(block));
    }
}

fn deflated(mut block: Block) -> io::Result<Block> {
    deflate(&mut block).map(|()| block)
}

/// Deflates a block by a compressor of its own: what one did before shows in the matches that
/// zlib-rs finds near the end of its input (its issue 459), even after a reset.
pub fn deflate(block: &mut Block) -> io::Result<()> {
    let mut state = Compress::new(Compression::new(block.level), false);
    let (before, bytes) = block.input.split_at(block.before);
    if !before.is_empty() {
        state.set_dictionary(before)?;
    }
    let flush = if block.last { FlushCompress::Finish } else { FlushCompress::Sync };
    block.output.clear();
    let status = state.compress_vec(bytes, &mut block.output, flush)?;
    let is_whole = state.total_in() == bytes.len() as u64
        && block.output.len() < block.output.capacity()
        && (status == Status::StreamEnd) == block.last;
    is_whole.then_some(()).ok_or_else(|| io::Error::other("a block was not deflated as a whole"))
}
