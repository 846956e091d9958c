//! A runtime with balances and this pallet, on the development constants.

use crate::{self as pallet_datdot, rules::Hash, weights::PlaceholderWeight, Params, DAT};
use frame_support::{derive_impl, parameter_types, traits::Hooks, weights::Weight};
use frame_system::EnsureRoot;
use sp_core::H256;
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances::Pallet<Test>;
    #[runtime::pallet_index(2)]
    pub type Datdot = pallet_datdot::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<u128>;
}

/// The existential deposit.
pub const LEAST: u128 = DAT / 100;

/// What each funded account has at genesis.
pub const FUNDS: u128 = 1_000_000 * DAT;

parameter_types! {
    pub const ExistentialDeposit: u128 = LEAST;
    pub const SeedWindow: u32 = 5;
    pub const Period: u32 = 20;
    pub const Grace: u32 = 2;
    pub const DefaultParams: Params = Params::DEVELOPMENT;
    pub static MinVrf: u32 = 0;
    /// Enters every VRF output, so that a test can have other draws.
    pub static VrfSalt: u64 = 0;
    /// Whether blocks have a VRF output.
    pub static HasVrf: bool = true;
}

/// The VRF output of the mock's parent block.
pub struct MockVrf;

impl frame_support::traits::Get<Option<Hash>> for MockVrf {
    fn get() -> Option<Hash> {
        let number = System::block_number();
        HasVrf::get().then(|| sp_io::hashing::blake2_256(&[VrfSalt::get().to_le_bytes(), u64::from(number).to_le_bytes()].concat()))
    }
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = u128;
    type ExistentialDeposit = ExistentialDeposit;
}

impl pallet_datdot::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type AdminOrigin = EnsureRoot<AccountId32>;
    type ParentVrf = MockVrf;
    type SeedWindow = SeedWindow;
    type MinVrf = MinVrf;
    type Period = Period;
    type Grace = Grace;
    type DefaultParams = DefaultParams;
    type WeightInfo = PlaceholderWeight<Test>;
}

/// A chain at block 1 with these accounts funded.
pub fn chain(accounts: &[AccountId32]) -> sp_io::TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().expect("system genesis");
    let balances = accounts.iter().map(|account| (account.clone(), FUNDS)).collect();
    pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
        .assimilate_storage(&mut storage)
        .expect("balances genesis");
    pallet_datdot::GenesisConfig::<Test>::default().assimilate_storage(&mut storage).expect("datdot genesis");
    let mut chain = sp_io::TestExternalities::new(storage);
    chain.execute_with(|| begin_block(1));
    chain
}

/// Begins the next block after ending this one with the helping hand or without.
pub fn next_block(hand: bool) {
    let now = System::block_number();
    if hand {
        Datdot::on_idle(now, Weight::MAX);
    }
    begin_block(now + 1);
}

/// Goes to a block with the helping hand in each.
pub fn run_to(block: u32) {
    while System::block_number() < block {
        next_block(true);
    }
}

/// Goes to a block without any help.
pub fn skip_to(block: u32) {
    while System::block_number() < block {
        next_block(false);
    }
}

/// The pallet's events since the last call, in order.
pub fn take_events() -> Vec<crate::Event<Test>> {
    let events = System::events().into_iter().filter_map(|record| match record.event {
        RuntimeEvent::Datdot(event) => Some(event),
        _ => None,
    });
    let events = events.collect();
    System::reset_events();
    events
}

/// Checks all invariants.
pub fn check() {
    if let Err(error) = Datdot::check_state() {
        panic!("{error:?} at block {}", System::block_number());
    }
}

fn begin_block(number: u32) {
    let parent = match number {
        1 => H256::repeat_byte(0x45),
        _ => H256(sp_io::hashing::blake2_256(&number.to_le_bytes())),
    };
    System::initialize(&number, &parent, &Default::default());
    Datdot::on_initialize(number);
}
