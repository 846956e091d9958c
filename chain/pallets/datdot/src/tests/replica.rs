//! An encoded span: cells of pseudo-random bytes, as the chain never decodes them, and their commitment.

use crate::rules::{
    hash::hash,
    offset::peak_shapes,
    span::{leaves_of, CELL},
    tpe::{leaf_hash, leaf_length, node_hash, root_hash, Hashes, LeafProof, SpanProof},
    Hash,
};

/// The cells of one span.
pub struct Replica {
    tag: Hash,
    pub cells: u64,
    leaves: Vec<Vec<u8>>,
}

impl Replica {
    pub fn new(tag: Hash, cells: u64) -> Self {
        let leaf = |index: u64| {
            let length = leaf_length(cells, index).expect("a leaf");
            let block = hash(&[b"cells", &tag, &index.to_le_bytes()]);
            block.iter().copied().cycle().take(length).collect()
        };
        Replica { tag, cells, leaves: (0..leaves_of(cells)).map(leaf).collect() }
    }

    pub fn peaks(&self) -> Hashes {
        let peaks: Vec<Hash> =
            peak_shapes(self.leaves.len() as u64).iter().map(|shape| self.node(shape.first, shape.height)).collect();
        peaks.try_into().expect("few peaks")
    }

    pub fn root(&self) -> Hash {
        root_hash(&self.tag, self.cells * CELL, &self.peaks())
    }

    pub fn leaf(&self, index: u64) -> LeafProof {
        let shapes = peak_shapes(self.leaves.len() as u64);
        let shape = shapes.iter().find(|shape| index < shape.end()).expect("a peak holds the leaf");
        let path: Vec<Hash> = (0..shape.height)
            .map(|height| {
                let subtree = (index - shape.first) >> height;
                self.node(shape.first + ((subtree ^ 1) << height), height)
            })
            .collect();
        LeafProof {
            data: self.leaves[index as usize].clone().try_into().expect("a leaf's length"),
            path: path.try_into().expect("a short path"),
        }
    }

    pub fn proof(&self, indexes: &[u64]) -> SpanProof {
        let leaves: Vec<LeafProof> = indexes.iter().map(|index| self.leaf(*index)).collect();
        SpanProof { peaks: self.peaks(), leaves: leaves.try_into().expect("few leaves") }
    }

    fn node(&self, first: u64, height: u32) -> Hash {
        if height == 0 {
            return leaf_hash(&self.tag, first, &self.leaves[first as usize]);
        }
        node_hash(&self.node(first, height - 1), &self.node(first + (1 << (height - 1)), height - 1))
    }
}
