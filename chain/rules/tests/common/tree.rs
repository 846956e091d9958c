//! A hypercore tree and its author, made in the test: to have any length, any block sizes and any manifest.

use datdot_rules::{
    hash::hash,
    manifest::{manifest_key, Manifest},
    offset::{parent_hash, peak_shapes, OffsetProof, Peak, Step},
    publish::{signable, Identity},
};
use sp_core::{ed25519, Pair};

pub struct Tree {
    sizes: Vec<u64>,
}

impl Tree {
    pub fn new(sizes: &[u64]) -> Self {
        Tree { sizes: sizes.to_vec() }
    }

    pub fn length(&self) -> u64 {
        self.sizes.len() as u64
    }

    pub fn offset(&self, block: u64) -> u64 {
        self.sizes[..block as usize].iter().sum()
    }

    /// The node over `2^height` blocks from `first`.
    fn node(&self, first: u64, height: u32) -> Peak {
        if height == 0 {
            let size = self.sizes[first as usize];
            return Peak { size, hash: hash(&[&[0], &size.to_le_bytes(), &first.to_le_bytes()]) };
        }
        let (left, right) = self.children(first, height);
        let size = left.size + right.size;
        Peak { size, hash: parent_hash(size, &left.hash, &right.hash) }
    }

    fn children(&self, first: u64, height: u32) -> (Peak, Peak) {
        (self.node(first, height - 1), self.node(first + (1 << (height - 1)), height - 1))
    }

    pub fn peaks(&self) -> Vec<Peak> {
        peak_shapes(self.length()).iter().map(|shape| self.node(shape.first, shape.height)).collect()
    }

    pub fn offset_proof(&self, cut: u64) -> OffsetProof {
        let shape = peak_shapes(self.length()).into_iter().find(|shape| cut < shape.end()).unwrap();
        let (mut first, mut height) = (shape.first, shape.height);
        let mut steps = Vec::new();
        while first != cut {
            let (left, right) = self.children(first, height);
            height -= 1;
            let middle = first + (1 << height);
            let open = (cut >= middle).then(|| self.children(first, height)).map(|(a, b)| (a.hash, b.hash));
            steps.push(Step { left_size: left.size, left: left.hash, right: right.hash, open });
            if cut >= middle {
                first = middle;
            }
        }
        steps.try_into().unwrap()
    }
}

pub struct Author {
    pair: ed25519::Pair,
}

impl Author {
    pub fn new(seed: u8) -> Self {
        Author { pair: ed25519::Pair::from_seed(&[seed; 32]) }
    }

    pub fn public_key(&self) -> [u8; 32] {
        self.pair.public().0
    }

    /// The bytes of a manifest of version 1 to 3, `tail` being what the flags announce.
    pub fn manifest(&self, version: u8, flags: u8, tail: &[u8]) -> Vec<u8> {
        [&[version, flags, 0, 1, 1, 0][..], &[9; 32], &self.public_key(), tail].concat()
    }

    pub fn manifest_v0(&self) -> Vec<u8> {
        [&[0, 0, 1, 0][..], &[9; 32], &self.public_key()].concat()
    }

    pub fn sign(&self, manifest: &[u8], tree_hash: &[u8; 32], length: u64, fork: u64) -> [u8; 64] {
        let context = if manifest[0] == 0 { [9; 32] } else { manifest_key(manifest) };
        self.pair.sign(&signable(Some(&context), tree_hash, length, fork)).0
    }

    pub fn sign_compat(&self, tree_hash: &[u8; 32], length: u64, fork: u64) -> [u8; 64] {
        self.pair.sign(&signable(None, tree_hash, length, fork)).0
    }

    pub fn parsed(&self, version: u8) -> Manifest {
        Manifest { version, namespace: [9; 32], public_key: self.public_key(), prologue: None }
    }
}

pub fn identity(manifest: &[u8]) -> Identity {
    Identity::Manifest(manifest.to_vec().try_into().unwrap())
}
