//! Tests of the pallet in a mock runtime, with real signatures and real trees.

mod abuse;
mod attacks;
mod author;
mod cores;
mod draws;
mod flow;
mod periods;
mod pots;
mod providers;
mod hooks;
mod lifetime;
mod mock;
mod random;
mod replica;
mod requests;
mod settlement;
mod spans;
mod vectors;
mod world;
