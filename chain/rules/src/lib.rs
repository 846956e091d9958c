//! The exact rules of the datdot pinning protocol (protocol.md part 9 and encoding.md), as pure functions.
//!
//! Nothing here reads or writes chain storage: the pallet passes values in and stores what comes out. Amounts are `u128` units of
//! 10^-12 DAT, block heights and ids are `u64`, periods `u32`, reputations parts per million.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

extern crate alloc;

pub mod draw;
pub mod hash;
pub mod leaves;
pub mod manifest;
pub mod messages;
pub mod offset;
pub mod pot;
pub mod publish;
pub mod report;
pub mod reputation;
pub mod settle;
pub mod span;
pub mod state;
pub mod tpe;

pub use hash::Hash;

/// An amount of the chain's token, in units of 10^-12 DAT.
pub type Balance = u128;

/// The 32 bytes of an account.
pub type Account = [u8; 32];
