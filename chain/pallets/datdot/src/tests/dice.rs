//! Chance that can be repeated.

/// A small generator with a seed (splitmix64), so that a run can be repeated.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, A>(&mut self, items: &'a [A]) -> Option<&'a A> {
        items.get(self.below(items.len() as u64) as usize)
    }

    /// A number of any size, often an extreme one.
    pub fn number(&mut self) -> u64 {
        match self.below(4) {
            0 => self.below(4),
            1 => u64::MAX - self.below(3),
            2 => 1 << self.below(64),
            _ => self.roll(),
        }
    }

    /// A number below 2^44, small ones as likely as large ones.
    pub fn some(&mut self) -> u64 {
        let most = 1 << self.below(45);
        self.below(most)
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        core::array::from_fn(|_| self.roll() as u8)
    }

    /// The bytes with one to four changes: flipped, overwritten, inserted, deleted, cut off or repeated elsewhere.
    pub fn mutated(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        for _ in 0..1 + self.below(4) {
            let at = self.below(bytes.len() as u64 + 1) as usize;
            let end = (at + 1 + self.below(8) as usize).min(bytes.len()).max(at);
            match self.below(6) {
                0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
                1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = [0, 1, 0x7f, 0x80, 0xfc, 0xff][self.below(6) as usize]),
                2 => bytes.splice(at..at, (0..1 + self.below(8)).map(|_| self.roll() as u8)).for_each(drop),
                3 => bytes.drain(at..end).for_each(drop),
                4 => bytes.truncate(at),
                _ => {
                    let piece = bytes[at..end].to_vec();
                    let to = self.below(bytes.len() as u64 + 1) as usize;
                    bytes.splice(to..to, piece).for_each(drop);
                }
            }
        }
        bytes
    }
}
