//! The runtime as a whole: its presets build, its calls fit into blocks, its validators can be changed and removed.

use datdot_runtime::{
    configs, presets, validators, AccountId, Balances, Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig, RuntimeOrigin,
    Session, System, Timestamp, Validators, DAT, SLOT_MS,
};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo},
    genesis_builder_helper::build_state,
    traits::Get,
    BoundedVec,
};
use pallet_datdot::rules::tpe::{LeafProof, SpanProof};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve};
use sp_runtime::{DispatchError, Perbill};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
    match (base, patch) {
        (serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(base.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (base, patch) => *base = patch,
    }
}

/// A chain at its first block, begun with a preset.
fn chain(preset: &str) -> TestExternalities {
    let mut ext = TestExternalities::default();
    ext.execute_with(|| {
        let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("a genesis is JSON");
        let patch = presets::get_preset(&preset.into()).expect("the preset exists");
        merge(&mut config, serde_json::from_slice(&patch).expect("a preset is JSON"));
        build_state::<RuntimeGenesisConfig>(config.to_string().into_bytes()).expect("the preset builds");
        System::set_block_number(1);
    });
    ext
}

fn accounts(list: &[sp_keyring::Sr25519Keyring]) -> Vec<AccountId> {
    list.iter().map(|who| who.to_account_id()).collect()
}

fn bounded(list: &[sp_keyring::Sr25519Keyring]) -> BoundedVec<AccountId, <Runtime as validators::Config>::MaxValidators> {
    accounts(list).try_into().expect("few validators")
}

#[test]
fn presets_build_with_their_validators_and_endowments() {
    let expected = [("development", vec![Alice]), ("local_testnet", vec![Alice, Bob, Charlie, Dave])];
    assert_eq!(presets::preset_names().len(), expected.len());
    for (preset, list) in expected {
        chain(preset).execute_with(|| {
            assert_eq!(Session::validators(), accounts(&list));
            assert_eq!(pallet_babe::Authorities::<Runtime>::get().len(), list.len());
            assert_eq!(pallet_grandpa::Authorities::<Runtime>::get().len(), list.len());
            assert_eq!(Balances::free_balance(Eve.to_account_id()), 1_000_000 * DAT);
            assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(Alice.to_account_id()));
        });
    }
    assert_eq!(presets::get_preset(&"mainnet".into()), None);
}

#[test]
fn block_time_is_the_slot() {
    let gap: u64 = <Runtime as pallet_timestamp::Config>::MinimumPeriod::get();
    assert_eq!(gap, SLOT_MS / 2);
    assert_eq!(pallet_babe::Pallet::<Runtime>::slot_duration(), SLOT_MS);
    chain("development").execute_with(|| assert_eq!(Timestamp::get(), 0));
}

/// The heaviest form of each call that has one.
fn heaviest_calls() -> Vec<(&'static str, RuntimeCall)> {
    use pallet_datdot::Call;
    let core = [1u8; 32];
    let leaf = LeafProof { data: vec![0; 1024].try_into().expect("a leaf"), path: vec![[0; 32]; 53].try_into().expect("a path") };
    let span = |leaves: usize| SpanProof {
        peaks: vec![[0; 32]; 53].try_into().expect("peaks"),
        leaves: vec![leaf.clone(); leaves].try_into().expect("leaves"),
    };
    let proofs = vec![span(20)].try_into().expect("spans");
    vec![
        ("register", Call::register { roles: 7, noise_key: core, proof: [0; 64], capacity: u64::MAX }.into()),
        ("donate", Call::donate { core, amount: DAT, wish: 16 }.into()),
        ("set_wish", Call::set_wish { core, wish: 0 }.into()),
        ("reclaim", Call::reclaim { core }.into()),
        ("assign", Call::assign { core }.into()),
        ("prove", Call::prove { copy: 0, period: 0, proofs }.into()),
        ("settle", Call::settle { copy: 0, limit: u32::MAX }.into()),
        ("expire", Call::expire { span: 0 }.into()),
    ]
    .into_iter()
    .map(|(name, call): (_, pallet_datdot::Call<Runtime>)| (name, RuntimeCall::Datdot(call)))
    .collect()
}

#[test]
fn every_call_fits_into_a_block_at_its_heaviest() {
    let limits = <Runtime as frame_system::Config>::BlockWeights::get();
    let most = limits.get(DispatchClass::Normal).max_extrinsic.expect("normal extrinsics are limited");
    for (name, call) in heaviest_calls() {
        let weight = call.get_dispatch_info().call_weight;
        assert!(weight.all_lte(most), "{name} weighs {weight:?} of {most:?}");
    }
}

#[test]
fn a_block_holds_ninety_proofs() {
    let length = configs::Length::get();
    assert!(*length.max.get(DispatchClass::Normal) >= 90 * 41 * 1024);
}

#[test]
fn validators_are_set_by_root_alone() {
    chain("local_testnet").execute_with(|| {
        let set = Validators::set;
        assert_noop!(set(RuntimeOrigin::signed(Alice.to_account_id()), bounded(&[Bob])), DispatchError::BadOrigin);
        assert_noop!(set(RuntimeOrigin::root(), bounded(&[])), validators::Error::<Runtime>::Empty);
        assert_noop!(set(RuntimeOrigin::root(), bounded(&[Bob, Alice, Bob])), validators::Error::<Runtime>::Duplicate);
        assert_ok!(set(RuntimeOrigin::root(), bounded(&[Bob, Eve])));
        System::assert_last_event(RuntimeEvent::Validators(validators::Event::ListSet { count: 2 }));
        let next = <Validators as pallet_session::SessionManager<AccountId>>::new_session(2);
        assert_eq!(next, Some(accounts(&[Bob, Eve])));
    });
}

#[test]
fn equivocation_takes_a_validator_off_the_list_but_never_the_last() {
    chain("local_testnet").execute_with(|| {
        let report = |who: &sp_keyring::Sr25519Keyring| {
            let offence = OffenceDetails { offender: (who.to_account_id(), ()), reporters: Vec::<AccountId>::new() };
            <Validators as OnOffenceHandler<_, _, ()>>::on_offence(&[offence], &[Perbill::one()], 0);
        };
        report(&Bob);
        assert_eq!(validators::Validators::<Runtime>::get().into_inner(), accounts(&[Alice, Charlie, Dave]));
        System::assert_last_event(RuntimeEvent::Validators(validators::Event::Removed { who: Bob.to_account_id() }));
        for who in [Bob, Alice, Charlie, Dave] {
            report(&who);
        }
        assert_eq!(validators::Validators::<Runtime>::get().into_inner(), accounts(&[Dave]));
    });
}
