//! Tests of the pallet in a mock runtime, with real signatures and real trees.

mod author;
mod cores;
mod flow;
mod mock;
mod replica;
mod world;
