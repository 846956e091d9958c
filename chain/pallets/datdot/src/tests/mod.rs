//! Tests of the pallet in a mock runtime, with real signatures and real trees.

mod abuse;
mod attacks;
mod author;
mod cores;
mod dice;
mod draws;
mod flow;
mod fuzz;
mod hooks;
mod lifetime;
mod mock;
mod payments;
mod periods;
mod play;
mod pots;
mod providers;
mod random;
mod replica;
mod rerolls;
mod requests;
mod settlement;
mod spans;
mod supporters;
mod vectors;
mod verifiers;
mod world;
