//! Pseudo-random inputs from a hash counter: any program can make the same ones, none can choose them.

use datdot_rules::hash::{hash, number};
use serde_json::{json, Value};

pub struct Counter {
    name: &'static str,
    next: u64,
}

impl Counter {
    pub fn new(name: &'static str) -> Self {
        Counter { name, next: 0 }
    }

    pub fn hash(&mut self) -> [u8; 32] {
        self.next += 1;
        hash(&[self.name.as_bytes(), &self.next.to_le_bytes()])
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        number(&self.hash(), 0) % limit
    }

    /// A number of up to `bits` bits, small ones as likely as large ones.
    pub fn sized(&mut self, bits: u64) -> u64 {
        let bits = 1 + self.below(bits);
        self.below(1 << bits)
    }

    pub fn wide(&mut self, bits: u64) -> u128 {
        let bits = 1 + self.below(bits);
        let hash = self.hash();
        let value = u128::from(number(&hash, 0)) << 64 | u128::from(number(&hash, 8));
        value & (u128::MAX >> (128 - bits))
    }
}

/// Bytes in hex.
pub fn hexed(bytes: &[u8]) -> Value {
    json!(hex::encode(bytes))
}

/// An amount, or any other number that JSON's would not hold exactly.
pub fn big(value: impl ToString) -> Value {
    json!(value.to_string())
}
