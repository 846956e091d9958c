//! Random bytes as extrinsics through the runtime's own door: refused, failed or taken, and never a panic.

#[path = "../../pallets/datdot/src/tests/dice.rs"]
#[allow(dead_code)]
mod dice;

use codec::{Decode, Encode};
use datdot_runtime::{
    presets, Address, Balances, Datdot, Executive, Hash, Header, Runtime, RuntimeCall, RuntimeGenesisConfig, Signature,
    System, TxExtension, UncheckedExtrinsic, DAT, SLOT_MS,
};
use dice::Dice;
use frame_support::{genesis_builder_helper::build_state, storage, traits::fungible::Inspect};
use pallet_datdot::{
    rules::{
        hash::hash,
        messages,
        offset::{tree_hash, Peak},
        publish::{signable, Identity},
        report::{Evidence, Outcome, Report},
        tpe::{LeafProof, SpanProof},
    },
    Call, DeclineReason, Duty, Pots, Totals,
};
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_core::{ed25519, Pair};
use sp_keyring::Sr25519Keyring::{self, Bob, Charlie, Dave};
use sp_runtime::{
    generic::{Digest, DigestItem, Era, SignedPayload},
    traits::Header as _,
    transaction_validity::TransactionSource,
    AccountId32, DispatchError, TransactionOutcome,
};

/// Byte strings that are tried unless `DATDOT_FUZZ_RUNS` says more.
const RUNS: u64 = 2_000;
/// Extrinsics tried in a block.
const BLOCK: u64 = 50;
/// None of them may do what the admin may.
const SENDERS: [Sr25519Keyring; 3] = [Bob, Charlie, Dave];

/// The bytes of the moment, printed when the thread panics.
struct Trace {
    run: u64,
    bytes: Vec<u8>,
}

impl Drop for Trace {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("run {}, bytes 0x{}", self.run, sp_core::hexdisplay::HexDisplay::from(&self.bytes));
        }
    }
}

/// How far the bytes came.
#[derive(Default, Debug)]
struct Reach {
    decoded: u64,
    refused: u64,
    failed: u64,
    taken: u64,
}

fn genesis() -> sp_io::TestExternalities {
    let mut ext = sp_io::TestExternalities::default();
    ext.execute_with(|| {
        let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("a genesis is JSON");
        let patch: serde_json::Value =
            serde_json::from_slice(&presets::get_preset(&"development".into()).expect("a preset")).expect("JSON");
        for (pallet, settings) in patch.as_object().expect("a patch by pallet") {
            for (name, value) in settings.as_object().expect("settings by name") {
                config[pallet][name] = value.clone();
            }
        }
        build_state::<RuntimeGenesisConfig>(config.to_string().into_bytes()).expect("the preset builds");
    });
    ext
}

fn begin_block(number: u32, parent: Hash) {
    let slot = 1_000 + u64::from(number);
    let claim = PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: 0, slot: slot.into() });
    let digest = Digest { logs: vec![DigestItem::babe_pre_digest(claim)] };
    Executive::initialize_block(&Header::new(number, Hash::default(), Hash::default(), parent, digest));
    let set = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: slot * SLOT_MS });
    Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(set)).expect("applied").expect("the time is set");
}

fn signed(who: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
    let account: AccountId32 = who.to_account_id();
    let extension: TxExtension = (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(System::account_nonce(&account)),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    );
    let payload = SignedPayload::new(call.clone(), extension.clone()).expect("what is signed is known");
    let signature = payload.using_encoded(|bytes| who.sign(bytes));
    UncheckedExtrinsic::new_signed(call, Address::from(account), Signature::from(signature), extension)
}

/// A core of one block whose author is the number.
fn publication(author: u64) -> ([u8; 32], Call<Runtime>) {
    let pair = ed25519::Pair::from_seed(&hash(&[b"author", &author.to_le_bytes()]));
    let peaks = vec![Peak { size: 1000, hash: [7; 32] }];
    let tree = tree_hash(1, &peaks).expect("one peak");
    let signature = pair.sign(&signable(None, &tree, 1, 0)).0;
    let (key, peaks) = (pair.public().0, peaks.try_into().expect("one"));
    (key, Call::publish { identity: Identity::Compat(key), fork: 0, length: 1, peaks, signature, cuts: Default::default() })
}

fn registration(who: Sr25519Keyring) -> Call<Runtime> {
    let pair = ed25519::Pair::from_seed(&hash(&[b"noise", &who.to_raw_public()]));
    let genesis: [u8; 32] = System::block_hash(0).into();
    let proof = pair.sign(&messages::noise(&genesis, &who.to_raw_public())).0;
    Call::register { roles: 7, noise_key: pair.public().0, proof, capacity: 5 << 30 }
}

/// Calls of every kind, some of which the chain takes.
fn call(dice: &mut Dice, who: Sr25519Keyring) -> RuntimeCall {
    let (core, publish) = publication(dice.below(3));
    let (id, number) = (dice.below(3), dice.number());
    let leaf = LeafProof { data: vec![7; 1024].try_into().expect("a leaf"), path: Default::default() };
    let proof = SpanProof { peaks: Default::default(), leaves: vec![leaf].try_into().expect("one") };
    let report = Report {
        outcome: Outcome::Unreachable,
        ttfb_ms: 1,
        kib_per_s: 2,
        blocks: 3,
        bytes: 4,
        digest: [5; 32],
        evidence: Evidence::None,
    };
    let datdot: RuntimeCall = match dice.below(16) {
        0 => registration(who),
        1 => Call::update_provider { roles: 7, capacity: number, paused: true, payout: Some(Dave.to_account_id()) },
        2 => Call::deregister {},
        3 => publish,
        4 => Call::donate { core, amount: DAT + u128::from(dice.some()), wish: dice.below(18) as u8 },
        5 => Call::reclaim { core },
        6 => Call::set_wish { core, wish: dice.below(18) as u8 },
        7 => Call::assign { core },
        8 => Call::commit_key { span: id, e: 257, modulus: [0xc3; 256] },
        9 => Call::seal { span: id, root: [1; 32], cells: number, signer_signature: [2; 64] },
        10 => Call::prove { copy: id, period: 0, proofs: vec![proof].try_into().expect("one") },
        11 => Call::report { copy: id, period: 0, report },
        12 => Call::settle { copy: id, limit: number as u32 },
        13 => Call::expire { span: id },
        14 => Call::decline { duty: Duty::Span(id), reason: DeclineReason::Policy },
        _ => Call::reap { core },
    }
    .into();
    match dice.below(8) {
        0 => pallet_balances::Call::transfer_keep_alive { dest: Dave.to_account_id().into(), value: dice.some().into() }.into(),
        1 => pallet_utility::Call::batch { calls: vec![datdot.clone(), datdot] }.into(),
        2 => pallet_sudo::Call::sudo { call: Box::new(datdot) }.into(),
        _ => datdot,
    }
}

/// Bytes as a peer or a client might send them.
fn bytes(dice: &mut Dice) -> Vec<u8> {
    let who = SENDERS[dice.below(3) as usize];
    let sensible = call(dice, who);
    match dice.below(8) {
        0 => (0..dice.below(200)).map(|_| dice.roll() as u8).collect(),
        1 => UncheckedExtrinsic::new_bare(sensible).encode(),
        2 | 3 => dice.mutated(signed(who, sensible).encode()),
        4 => signed(who, sensible).encode(),
        // Rightly signed, whatever it says.
        _ => match RuntimeCall::decode(&mut &dice.mutated(sensible.encode())[..]) {
            Ok(call) => signed(who, call).encode(),
            Err(_) => sensible.encode(),
        },
    }
}

/// What a node does with the bytes: it decodes them, asks whether they are valid, and puts those that are into a block.
fn try_bytes(bytes: &[u8], parent: Hash, reach: &mut Reach) {
    let Ok(extrinsic) = UncheckedExtrinsic::decode(&mut &bytes[..]) else { return };
    reach.decoded += 1;
    // A pool asks over a state that it throws away.
    let is_valid = storage::with_transaction(|| {
        let validity = Executive::validate_transaction(TransactionSource::External, extrinsic.clone(), parent);
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(validity.is_ok()))
    });
    if is_valid != Ok(true) {
        reach.refused += 1;
        return;
    }
    match Executive::apply_extrinsic(extrinsic) {
        Ok(Ok(())) => reach.taken += 1,
        Ok(Err(_)) => reach.failed += 1,
        Err(_) => reach.refused += 1,
    }
}

fn check() {
    let sums = Totals::<Runtime>::get();
    assert_eq!(sums.minted, sums.burned_for_work);
    let pots: u128 = Pots::<Runtime>::iter_values().map(|pot| pot.balance).sum();
    assert!(pots <= Balances::balance(&Datdot::account()), "pots are more than the account");
}

#[test]
fn random_bytes_as_extrinsics_never_make_the_runtime_panic() {
    let runs = std::env::var("DATDOT_FUZZ_RUNS").map_or(RUNS, |text| text.parse().expect("DATDOT_FUZZ_RUNS is a number"));
    let mut dice = Dice(2026);
    let mut reach = Reach::default();
    let mut trace = Trace { run: 0, bytes: Vec::new() };
    let mut parent = Hash::repeat_byte(0x45);
    genesis().execute_with(|| {
        for number in 1..=(runs / BLOCK) as u32 {
            begin_block(number, parent);
            for _ in 0..BLOCK {
                (trace.run, trace.bytes) = (trace.run + 1, bytes(&mut dice));
                try_bytes(&trace.bytes, parent, &mut reach);
            }
            check();
            parent = Executive::finalize_block().hash();
        }
    });
    println!("{runs} tried, {reach:?}");
    let some = runs / 40;
    assert!(reach.refused > some && reach.failed > some && reach.taken > some, "{reach:?}");
}
