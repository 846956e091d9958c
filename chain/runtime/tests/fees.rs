//! The float that `register` demands covers every call that a provider must make, at any load (protocol.md 4).

use codec::Encode;
use datdot_runtime::{configs::HighestMultiplier, Address, Balance, Runtime, RuntimeCall, TransactionPayment, UncheckedExtrinsic, DAT};
use frame_support::dispatch::GetDispatchInfo;
use pallet_datdot::{
    rules::{
        report::{Evidence, Outcome, Report},
        tpe::{Hashes, LeafProof, SpanProof, MAX_LEAVES},
    },
    Call, DeclineReason, Duty, Params,
};
use sp_runtime::{generic::Era, AccountId32, MultiSignature};

/// Peaks, or siblings of a leaf, of the largest core: 2^50 bytes are 2^40 leaves.
const HASHES: usize = 41;

fn hashes() -> Hashes {
    vec![[7; 32]; HASHES].try_into().expect("few")
}

fn leaf() -> LeafProof {
    LeafProof { data: vec![7; 1024].try_into().expect("a leaf"), path: hashes() }
}

/// What the account must put up for a call when the chain is full.
fn highest_fee(call: Call<Runtime>) -> Balance {
    let extension = (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::mortal(64, 1)),
        frame_system::CheckNonce::from(u32::MAX),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(true),
        frame_system::WeightReclaim::new(),
    );
    let signature = MultiSignature::Sr25519([7; 64].into());
    let account: AccountId32 = [7; 32].into();
    let extrinsic = UncheckedExtrinsic::new_signed(RuntimeCall::Datdot(call), Address::from(account), signature, extension);
    sp_io::TestExternalities::default().execute_with(|| {
        pallet_transaction_payment::NextFeeMultiplier::<Runtime>::put(HighestMultiplier::get());
        TransactionPayment::compute_fee(extrinsic.encoded_size() as u32, &extrinsic.get_dispatch_info(), 0)
    })
}

fn largest_proof() -> Call<Runtime> {
    let span = || SpanProof { peaks: hashes(), leaves: vec![leaf()].try_into().expect("one") };
    let proofs: Vec<SpanProof> = (0..MAX_LEAVES).map(|_| span()).collect();
    Call::prove { copy: u64::MAX, period: u32::MAX, proofs: proofs.try_into().expect("one a span") }
}

fn largest_report() -> Call<Runtime> {
    let report = Report {
        outcome: Outcome::Served,
        ttfb_ms: u32::MAX,
        kib_per_s: u32::MAX,
        blocks: u16::MAX,
        bytes: u32::MAX,
        digest: [7; 32],
        evidence: Evidence::Served { receipt: [7; 64], peaks: hashes(), leaf: leaf() },
    };
    Call::report { copy: u64::MAX, period: u32::MAX, report }
}

#[test]
fn float_covers_every_call_of_a_provider_at_the_highest_multiplier() {
    let calls: [(&str, Call<Runtime>); 8] = [
        ("commit_key", Call::commit_key { span: u64::MAX, e: 65537, modulus: [0xff; 256] }),
        ("seal", Call::seal { span: u64::MAX, root: [7; 32], cells: u64::MAX, signer_signature: [7; 64] }),
        ("prove", largest_proof()),
        ("report", largest_report()),
        ("settle", Call::settle { copy: u64::MAX, limit: u32::MAX }),
        ("expire", Call::expire { span: u64::MAX }),
        ("decline", Call::decline { duty: Duty::Copy(u64::MAX), reason: DeclineReason::Resources }),
        ("deregister", Call::deregister {}),
    ];
    let float = Params::PRODUCTION.float.min(Params::DEVELOPMENT.float);
    assert_eq!(float, DAT);
    for (name, call) in calls {
        let fee = highest_fee(call);
        assert!(fee > 0 && fee < float, "{name}: {fee} of {float}");
    }
}
