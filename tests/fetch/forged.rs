//! A git server that says what a test wants, and the packs that it gives.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};

use flate2::write::ZlibEncoder;
use flate2::{Compress, Compression, FlushCompress};
use git2::{ObjectType, Oid};

use crate::harness::{Listener, Sandbox};

/// A pack, object by object.
#[derive(Clone)]
pub struct Pack {
    bytes: Vec<u8>,
    places: Vec<usize>,
}

impl Pack {
    pub fn new() -> Self {
        Self { bytes: b"PACK\0\0\0\x02\0\0\0\0".to_vec(), places: Vec::new() }
    }

    /// An object as it is; its id.
    pub fn whole(&mut self, kind: ObjectType, content: &[u8]) -> Oid {
        let code = match kind {
            ObjectType::Commit => 1,
            ObjectType::Tree => 2,
            ObjectType::Blob => 3,
            _ => 4,
        };
        self.begin(code, content.len());
        self.stream(content);
        Oid::hash_object(kind, content).unwrap()
    }

    /// A commit with one file, `ramp.yml`; its id.
    pub fn commit(&mut self, manifest: &[u8]) -> Oid {
        let blob = self.whole(ObjectType::Blob, manifest);
        let tree = self.whole(ObjectType::Tree, &tree(blob));
        self.whole(ObjectType::Commit, &commit(tree))
    }

    /// A delta on the object before.
    pub fn delta(&mut self, delta: &[u8]) -> &mut Self {
        let base = *self.places.last().unwrap();
        self.begin(6, delta.len());
        let mut back = self.places.last().unwrap() - base;
        let mut distance = vec![(back & 0x7f) as u8];
        while back >= 0x80 {
            back = (back >> 7) - 1;
            distance.insert(0, 0x80 | (back & 0x7f) as u8);
        }
        self.bytes.extend(distance);
        self.stream(delta);
        self
    }

    /// A delta on the object of an id.
    pub fn delta_on(&mut self, base: Oid, delta: &[u8]) -> &mut Self {
        self.begin(7, delta.len());
        self.bytes.extend(base.as_bytes());
        self.stream(delta);
        self
    }

    /// A blob that claims to have `size` bytes, and has `megabytes` of zeros, and no end.
    pub fn zeros(&mut self, size: usize, megabytes: usize) -> &mut Self {
        self.begin(3, size);
        let mut zlib = Compress::new(Compression::best(), false);
        let mut piece = Vec::with_capacity(1 << 16);
        zlib.compress_vec(&vec![0; 1 << 20], &mut piece, FlushCompress::Full).unwrap();
        assert_eq!(zlib.total_in(), 1 << 20);
        self.bytes.extend(b"\x78\xda");
        (0..megabytes).for_each(|_| self.bytes.extend(&piece));
        self
    }

    /// All of it. Its checksum is none, which is nothing to rely on.
    pub fn end(&self) -> Vec<u8> {
        self.end_of(self.places.len() as u32)
    }

    /// All of it, as one of `count` objects.
    pub fn end_of(&self, count: u32) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes[8..12].copy_from_slice(&count.to_be_bytes());
        bytes.extend([0; 20]);
        bytes
    }

    fn begin(&mut self, code: u8, mut size: usize) {
        self.places.push(self.bytes.len());
        let mut byte = code << 4 | (size & 15) as u8;
        size >>= 4;
        while size > 0 {
            self.bytes.push(byte | 0x80);
            byte = (size & 0x7f) as u8;
            size >>= 7;
        }
        self.bytes.push(byte);
    }

    fn stream(&mut self, content: &[u8]) {
        let mut zlib = ZlibEncoder::new(&mut self.bytes, Compression::fast());
        zlib.write_all(content).unwrap();
        zlib.finish().unwrap();
    }
}

/// A tree whose `ramp.yml` is `blob`.
pub fn tree(blob: Oid) -> Vec<u8> {
    [b"100644 ramp.yml\0", blob.as_bytes()].concat()
}

/// A commit of `tree`.
pub fn commit(tree: Oid) -> Vec<u8> {
    let ann = "Ann <ann@example.com> 1600000000 +0000";
    format!("tree {tree}\nauthor {ann}\ncommitter {ann}\n\nwork\n").into_bytes()
}

/// The sizes at the start of a delta.
pub fn sizes(base: usize, result: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for mut size in [base, result] {
        while size >= 0x80 {
            bytes.push(0x80 | (size & 0x7f) as u8);
            size >>= 7;
        }
        bytes.push(size as u8);
    }
    bytes
}

/// A line of git's protocol.
pub fn line(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    [format!("{:04x}", bytes.len() + 4).as_bytes(), bytes].concat()
}

/// A pack as an answer.
pub fn answer(pack: &[u8]) -> Vec<u8> {
    let pieces = pack.chunks(65_000).flat_map(|piece| line([b"\x01", piece].concat()));
    line("packfile\n").into_iter().chain(pieces).chain(*b"0000").collect()
}

/// What a server of version 2 says to each question.
pub struct Said {
    /// To the first.
    pub greeting: Vec<u8>,
    /// To one for refs.
    pub refs: Vec<u8>,
    /// To one for objects.
    pub objects: Vec<u8>,
    /// To one for objects without a filter, where that is another.
    pub unfiltered: Option<Vec<u8>>,
    /// What it says again and again after an answer that ends with this.
    pub endless: Option<Vec<u8>>,
}

impl Said {
    /// `v1` points at `tip`, and leads to `peeled`; whoever asks for objects gets `pack`.
    pub fn new(tip: Oid, peeled: Option<Oid>, pack: &[u8]) -> Self {
        let peeled = peeled.map_or_else(String::new, |id| format!(" peeled:{id}"));
        Self {
            greeting: [
                line("version 2\n"),
                line("ls-refs\n"),
                line("fetch=shallow\n"),
                b"0000".into(),
            ]
            .concat(),
            refs: [line(format!("{tip} refs/tags/v1{peeled}\n")), b"0000".into()].concat(),
            objects: answer(pack),
            unfiltered: None,
            endless: None,
        }
    }

    /// The same, and it offers filters.
    pub fn filtering(self) -> Self {
        let lines = ["version 2\n", "ls-refs\n", "fetch=shallow filter\n"].map(line).concat();
        Self { greeting: [lines, b"0000".into()].concat(), ..self }
    }

    /// Says it to everybody. The sandbox calls the port `[PORT]`.
    pub fn serve(self, sandbox: &mut Sandbox) -> Listener {
        let listener = Listener::hostile(move |socket| {
            // Who has heard enough goes away.
            let _ = self.talk(&socket);
            let _ = socket.shutdown(Shutdown::Both);
        });
        sandbox.alias(listener.port, "[PORT]");
        listener
    }

    fn talk(&self, mut socket: &TcpStream) -> std::io::Result<()> {
        let mut questions = BufReader::new(socket);
        let length = number(&mut questions)?;
        questions.read_exact(&mut vec![0; length - 4])?;
        self.say(&self.greeting, socket)?;
        while let Ok(asked) = question(&mut questions) {
            let unfiltered = self.unfiltered.as_ref().filter(|_| !asked.contains("filter "));
            let objects = unfiltered.unwrap_or(&self.objects);
            let is_for_refs = asked.contains("command=ls-refs");
            self.say(if is_for_refs { &self.refs } else { objects }, socket)?;
        }
        socket.flush()
    }

    fn say(&self, what: &[u8], mut socket: &TcpStream) -> std::io::Result<()> {
        socket.write_all(what)?;
        let Some(again) = self.endless.iter().find(|end| what.ends_with(end)) else {
            return Ok(());
        };
        let much = again.repeat(1 + 100_000 / again.len());
        loop {
            socket.write_all(&much)?;
        }
    }
}

/// A question, to its flush; without one who asks is gone.
fn question(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        match number(reader)? {
            0 if text.is_empty() => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            0 => return Ok(text),
            length => {
                let mut line = vec![0; length.saturating_sub(4)];
                reader.read_exact(&mut line)?;
                text += &String::from_utf8_lossy(&line);
            }
        }
    }
}

fn number(reader: &mut impl Read) -> std::io::Result<usize> {
    let mut digits = [0; 4];
    reader.read_exact(&mut digits)?;
    Ok(usize::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap())
}
