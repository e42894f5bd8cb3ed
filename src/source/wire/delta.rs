//! Deltas (gitformat-pack(5), "Deltified representation").
//!
//! In: a base and a delta of a stranger. Out: the object that is made of them.

/// A delta, its header read.
pub(super) struct Delta<'a> {
    /// How long the base must be.
    pub base: u64,
    /// How long the object becomes.
    pub result: u64,
    instructions: &'a [u8],
}

impl<'a> Delta<'a> {
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes;
        let (base, result) = (number(&mut rest)?, number(&mut rest)?);
        Some(Self { base, result, instructions: rest })
    }

    /// The object, where the delta fits the base and keeps to what it says.
    pub fn apply(&self, base: &[u8]) -> Option<Vec<u8>> {
        if base.len() as u64 != self.base {
            return None;
        }
        let most = usize::try_from(self.result).ok()?;
        let mut result = Vec::with_capacity(most.min(1 << 20));
        let mut rest = self.instructions;
        while let Some(instruction) = byte(&mut rest) {
            let piece = match instruction {
                0 => return None,
                1..0x80 => rest.split_off(..usize::from(instruction))?,
                _ => {
                    let (from, length) = copied(instruction, &mut rest)?;
                    base.get(from..from.checked_add(length)?)?
                }
            };
            if result.len() + piece.len() > most {
                return None;
            }
            result.extend_from_slice(piece);
        }
        (result.len() == most).then_some(result)
    }
}

/// What a copying instruction copies: 7 bits say which bytes of offset and length follow.
fn copied(instruction: u8, rest: &mut &[u8]) -> Option<(usize, usize)> {
    let mut fields = [0; 7];
    for (n, field) in fields.iter_mut().enumerate() {
        if instruction & (1 << n) != 0 {
            *field = byte(rest)?;
        }
    }
    let [a, b, c, d, e, f, g] = fields;
    let length = u32::from_le_bytes([e, f, g, 0]) as usize;
    Some((u32::from_le_bytes([a, b, c, d]) as usize, if length == 0 { 0x1_0000 } else { length }))
}

/// A number in pieces of 7 bits, the lowest first.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let byte = byte(rest)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    rest.split_off_first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
        Delta::read(delta)?.apply(base)
    }

    #[test]
    fn copies_and_inserts() {
        let delta = [5, 8, 0x91, 3, 2, 3, b'x', b'y', b'z', 0x90, 3];
        assert_eq!(apply(b"hello", &delta).unwrap(), b"loxyzhel");
        let long = vec![7; 0x1_0000];
        assert_eq!(apply(&long, &[0x80, 0x80, 4, 0x80, 0x80, 4, 0x80]).unwrap(), long);
        assert_eq!(apply(b"", &[0, 0]).unwrap(), b"");
    }

    #[test]
    fn what_does_not_fit() {
        for delta in [
            &[][..],
            &[5],                   // No size of the result.
            &[0x80; 12],            // A number without an end.
            &[4, 1, 1, b'x'],       // Another base.
            &[5, 1, 0],             // The instruction that is none.
            &[5, 1, 2, b'x'],       // Ends amid what it inserts,
            &[5, 1, 0x91],          // amid what it copies,
            &[5, 2, 1, b'x'],       // too early,
            &[5, 1, 2, b'x', b'y'], // too late.
            &[5, 9, 0x91, 4, 9],    // Copies from behind the base.
            &[5, 1, 0xff, 255, 255, 255, 255, 255, 255, 255],
        ] {
            assert_eq!(apply(b"hello", delta), None, "{delta:?}");
        }
    }
}
