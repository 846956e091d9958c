//! Tests of the pallet in a mock runtime, with real signatures and real trees.

mod author;
mod cores;
mod flow;
mod periods;
mod pots;
mod providers;
mod hooks;
mod mock;
mod random;
mod replica;
mod requests;
mod settlement;
mod spans;
mod vectors;
mod world;
