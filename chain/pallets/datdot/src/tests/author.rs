//! A hypercore's author: a compat core over blocks of chosen sizes, with its tree, its signature and its offset proofs.

use super::mock::Test;
use crate::{
    rules::{
        hash::hash,
        offset::{parent_hash, peak_shapes, tree_hash, OffsetProof, OffsetProofs, Peak, Peaks, Step},
        publish::{signable, Identity},
        span::{inner_cuts, span_count},
    },
    Call, CoreKey,
};
use sp_core::{ed25519, Pair};

/// A core whose blocks have these sizes.
#[derive(Clone)]
pub struct Author {
    pub pair: ed25519::Pair,
    pub fork: u64,
    pub sizes: Vec<u64>,
}

/// The arguments of `publish`.
#[derive(Clone)]
pub struct Publication {
    pub identity: Identity,
    pub fork: u64,
    pub length: u64,
    pub peaks: Peaks,
    pub signature: [u8; 64],
    pub cuts: OffsetProofs,
}

impl Publication {
    pub fn call(self) -> Call<Test> {
        let Publication { identity, fork, length, peaks, signature, cuts } = self;
        Call::publish { identity, fork, length, peaks, signature, cuts }
    }
}

impl Author {
    pub fn new(name: u64, sizes: Vec<u64>) -> Self {
        let seed = hash(&[b"author", &name.to_le_bytes()]);
        Author { pair: ed25519::Pair::from_seed(&seed), fork: 0, sizes }
    }

    pub fn key(&self) -> CoreKey {
        self.pair.public().0
    }

    pub fn byte_length(&self) -> u64 {
        self.sizes.iter().sum()
    }

    pub fn publication(&self, span_target: u64) -> Publication {
        let length = self.sizes.len() as u64;
        let peaks: Vec<Peak> = peak_shapes(length).iter().map(|shape| self.node(shape.first, shape.height)).collect();
        let hash = tree_hash(length, &peaks).expect("a peak for each bit");
        let signature = self.pair.sign(&signable(None, &hash, length, self.fork)).0;
        let cuts = inner_cuts(length, span_count(length, self.byte_length(), span_target));
        let cuts: Vec<OffsetProof> = cuts.into_iter().map(|cut| self.offset_proof(cut)).collect();
        Publication {
            identity: Identity::Compat(self.key()),
            fork: self.fork,
            length,
            peaks: peaks.try_into().expect("few peaks"),
            signature,
            cuts: cuts.try_into().expect("few cuts"),
        }
    }

    /// The node over `2^height` blocks from `first`; a leaf's hash is of its number, as the chain never sees blocks.
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

    fn offset_proof(&self, cut: u64) -> OffsetProof {
        let shapes = peak_shapes(self.sizes.len() as u64);
        let shape = shapes.iter().find(|shape| cut < shape.end()).expect("a peak holds the cut");
        let (mut first, mut height) = (shape.first, shape.height);
        let mut steps = Vec::new();
        while cut != first {
            let (left, right) = self.children(first, height);
            height -= 1;
            let middle = first + (1 << height);
            let open = (cut >= middle).then(|| {
                let (a, b) = self.children(first, height);
                (a.hash, b.hash)
            });
            steps.push(Step { left_size: left.size, left: left.hash, right: right.hash, open });
            if cut >= middle {
                first = middle;
            }
        }
        steps.try_into().expect("few steps")
    }
}
