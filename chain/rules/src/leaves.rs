//! The leaves that a period asks for (protocol.md 9.3) and the replica leaf of a report (9.7).

use crate::{
    draw::Draw,
    hash::{protocol_hash, Hash},
    span::leaves_of,
    Account,
};
use alloc::{collections::BTreeSet, vec::Vec};

/// One leaf of a copy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LeafPosition {
    /// Position of the span in the copy, from 0.
    pub span: u32,
    /// Index of the leaf in that span.
    pub index: u64,
}

/// Leaves of a whole copy, from the cells of its spans by start.
pub fn total_leaves(cells: &[u64]) -> u64 {
    cells.iter().fold(0, |sum: u64, cells| sum.saturating_add(leaves_of(*cells)))
}

/// The leaves of a period, by global index ascending; all when there are no more than `samples`, else `samples` by Floyd's draw.
///
/// `cells` are those of the copy's spans by start; `seed` is the period's.
pub fn period_leaves(seed: &Hash, copy: u64, cells: &[u64], samples: u32) -> Vec<LeafPosition> {
    let total = total_leaves(cells);
    let m = u64::from(samples).min(total);
    if m == total {
        return positions(cells, 0..total);
    }
    let mut drawn = BTreeSet::new();
    for i in 0..m {
        let j = total - m + i;
        let h = Draw(protocol_hash("leaf", &[seed, &copy.to_le_bytes(), &i.to_le_bytes()]));
        // `j + 1` is never 0, so the index always exists.
        let t = h.index(j + 1).unwrap_or(j);
        if !drawn.insert(t) {
            drawn.insert(j);
        }
    }
    positions(cells, drawn.into_iter())
}

/// Global index of the encoded leaf that a verifier shows in a report: `n(h, 0) mod total`, or None for a copy without leaves.
pub fn replica_index(seed: &Hash, copy: u64, account: &Account, total: u64) -> Option<u64> {
    Draw(protocol_hash("replica", &[seed, &copy.to_le_bytes(), account])).index(total)
}

/// Where that leaf is, from the cells of the copy's spans by start.
pub fn replica_leaf(seed: &Hash, copy: u64, account: &Account, cells: &[u64]) -> Option<LeafPosition> {
    locate(cells, replica_index(seed, copy, account, total_leaves(cells))?)
}

/// The span and local index of a global leaf index, or None past the end.
pub fn locate(cells: &[u64], index: u64) -> Option<LeafPosition> {
    positions(cells, core::iter::once(index)).pop()
}

/// Positions of ascending global indexes; what lies past the end is left out.
fn positions(cells: &[u64], ascending: impl Iterator<Item = u64>) -> Vec<LeafPosition> {
    let mut found = Vec::new();
    let mut span = 0usize;
    let mut first = 0u64;
    for global in ascending {
        while let Some(cells) = cells.get(span) {
            let leaves = leaves_of(*cells);
            if global - first < leaves {
                found.push(LeafPosition { span: span as u32, index: global - first });
                break;
            }
            first += leaves;
            span += 1;
        }
    }
    found
}
