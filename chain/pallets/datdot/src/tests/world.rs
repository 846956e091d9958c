//! People with keys, and what each of them does in the main job.

use super::{
    author::{Author, Publication},
    mock::*,
    replica::Replica,
};
use crate::{
    rules::{
        draw::Role,
        hash::hash,
        leaves::{period_leaves, replica_leaf},
        messages,
        report::{Evidence, Outcome, Report},
        tpe::{Modulus, SpanProofs},
    },
    *,
};
use frame_support::assert_ok;
use sp_core::{ed25519, sr25519, Pair};
use sp_runtime::{AccountId32, DispatchResult};

/// Somebody with an account and a noise key.
#[derive(Clone)]
pub struct Person {
    pub account: sr25519::Pair,
    pub noise: ed25519::Pair,
}

impl Person {
    pub fn new(name: u64) -> Self {
        let seed = |kind: &[u8]| hash(&[kind, &name.to_le_bytes()]);
        Person { account: sr25519::Pair::from_seed(&seed(b"account")), noise: ed25519::Pair::from_seed(&seed(b"noise")) }
    }

    pub fn id(&self) -> AccountId32 {
        self.account.public().0.into()
    }

    pub fn origin(&self) -> RuntimeOrigin {
        RuntimeOrigin::signed(self.id())
    }

    pub fn noise_key(&self) -> [u8; 32] {
        self.noise.public().0
    }

    pub fn noise_proof(&self) -> [u8; 64] {
        self.noise.sign(&messages::noise(&genesis(), self.id().as_ref())).0
    }

    pub fn register(&self, roles: u8, capacity: u64) -> DispatchResult {
        Datdot::register(self.origin(), roles, self.noise_key(), self.noise_proof(), capacity)
    }
}

/// `block_hash(0)` of the mock.
pub fn genesis() -> [u8; 32] {
    [0x45; 32]
}

/// A modulus that the chain takes.
pub fn modulus(name: u64) -> Modulus {
    let mut modulus = [0u8; 256];
    for (index, chunk) in modulus.chunks_mut(32).enumerate() {
        chunk.copy_from_slice(&hash(&[b"modulus", &name.to_le_bytes(), &index.to_le_bytes()]));
    }
    modulus[0] |= 0x80;
    modulus[255] |= 1;
    modulus
}

/// Providers, a donor and whoever else calls.
pub struct World {
    pub signers: Vec<Person>,
    pub pinners: Vec<Person>,
    pub verifiers: Vec<Person>,
    pub donor: Person,
    pub other: Person,
}

impl World {
    pub fn new(signers: u64, pinners: u64, verifiers: u64) -> Self {
        let group = |kind: u64, count: u64| (0..count).map(|index| Person::new(kind * 1000 + index)).collect();
        World {
            signers: group(1, signers),
            pinners: group(2, pinners),
            verifiers: group(3, verifiers),
            donor: Person::new(4000),
            other: Person::new(5000),
        }
    }

    pub fn everybody(&self) -> Vec<Person> {
        let providers = self.signers.iter().chain(&self.pinners).chain(&self.verifiers);
        providers.chain([&self.donor, &self.other]).cloned().collect()
    }

    pub fn find(&self, id: &AccountId32) -> Person {
        self.everybody().into_iter().find(|person| person.id() == *id).expect("somebody of this world")
    }

    /// A chain on which everybody has money.
    pub fn chain(&self) -> sp_io::TestExternalities {
        chain(&self.everybody().iter().map(Person::id).collect::<Vec<_>>())
    }

    /// A chain on which all providers have registered in block 1.
    pub fn registered(&self) -> sp_io::TestExternalities {
        let mut chain = self.chain();
        chain.execute_with(|| self.register_all());
        chain
    }

    pub fn register_all(&self) {
        for (people, role, capacity) in [
            (&self.signers, Role::Signer, 0),
            (&self.pinners, Role::Pinner, 4 << 30),
            (&self.verifiers, Role::Verifier, 0),
        ] {
            for person in people {
                assert_ok!(person.register(role.bit(), capacity));
            }
        }
    }

    pub fn publish(&self, author: &Author) -> DispatchResult {
        let target = Datdot::params().span_target;
        send_publication(&self.other, author.publication(target))
    }

    /// Publishes and donates; the requests' seed index is returned.
    pub fn pin(&self, author: &Author, amount: u128, copies: u8) {
        assert_ok!(self.publish(author));
        assert_ok!(Datdot::donate(self.donor.origin(), author.key(), amount, copies));
    }

    /// `assign` by somebody, as it ends.
    pub fn assign(&self, author: &Author) -> DispatchResult {
        Datdot::assign(self.other.origin(), author.key()).map(|_| ()).map_err(|error| error.error)
    }

    /// Signs and seals everything that is in set-up.
    pub fn set_up_all(&self) {
        for (id, copy) in Copies::<Test>::iter().filter(|(_, copy)| copy.state == rules::state::CopyState::Setup) {
            self.set_up(id, &copy);
        }
    }

    pub fn set_up(&self, _id: u64, copy: &Copy) {
        for span in copy.spans.iter().filter(|span| Spans::<Test>::get(span).is_some_and(|span| span.signer.is_some())) {
            self.key_span(*span);
            self.seal_span(*span);
        }
    }

    pub fn key_span(&self, id: u64) {
        let span = Spans::<Test>::get(id).expect("a span");
        let signer = self.find(&span.signer.expect("a signer"));
        assert_ok!(Datdot::commit_key(signer.origin(), id, 257, modulus(id)));
    }

    pub fn seal_span(&self, id: u64) {
        let span = Spans::<Test>::get(id).expect("a span");
        let pinner = self.find(&Copies::<Test>::get(span.copy).expect("a copy").pinner);
        let replica = replica(id);
        let signature = self.seal_signature(id);
        assert_ok!(Datdot::seal(pinner.origin(), id, replica.root(), replica.cells, signature));
    }

    pub fn seal_signature(&self, id: u64) -> [u8; 64] {
        let span = Spans::<Test>::get(id).expect("a span");
        let signer = self.find(&span.signer.expect("a signer"));
        let replica = replica(id);
        let tag = span.key.expect("a key").tag;
        signer.account.sign(&messages::seal(&genesis(), id, &tag, replica.cells, &replica.root())).0
    }

    /// The proof that a copy's pinner owes for a period.
    pub fn proofs(&self, id: u64, period: u32) -> SpanProofs {
        let copy = Copies::<Test>::get(id).expect("a copy");
        let crate::Period { seed, samples, .. } = Periods::<Test>::get(period).expect("a period");
        let leaves = period_leaves(&seed, id, &cells(&copy), samples);
        let groups = leaves.chunk_by(|a, b| a.span == b.span).map(|group| {
            let indexes: Vec<u64> = group.iter().map(|leaf| leaf.index).collect();
            replica(copy.spans[group[0].span as usize]).proof(&indexes)
        });
        groups.collect::<Vec<_>>().try_into().expect("few spans")
    }

    pub fn prove(&self, id: u64, period: u32) -> DispatchResult {
        let pinner = self.find(&Copies::<Test>::get(id).expect("a copy").pinner);
        plain(Datdot::prove(pinner.origin(), id, period, self.proofs(id, period)))
    }

    /// A report that the copy was served.
    pub fn served(&self, verifier: &Person, id: u64, period: u32, kib_per_s: u32) -> Report {
        let copy = Copies::<Test>::get(id).expect("a copy");
        let pinner = self.find(&copy.pinner);
        let seed = Periods::<Test>::get(period).expect("a period").seed;
        let account: [u8; 32] = verifier.id().into();
        let receipt = pinner.noise.sign(&messages::receipt(&genesis(), id, period, &account)).0;
        let leaf = replica_leaf(&seed, id, &account, &cells(&copy)).expect("a leaf");
        let replica = replica(copy.spans[leaf.span as usize]);
        let evidence = Evidence::Served { receipt, peaks: replica.peaks(), leaf: replica.leaf(leaf.index) };
        Report { kib_per_s, evidence, ..plain_report(Outcome::Served) }
    }

    /// All verifiers that were drawn say that the copy was served.
    pub fn report_served(&self, id: u64, period: u32) {
        for verifier in drawn(id, period) {
            let person = self.find(&verifier);
            let report = self.served(&person, id, period, 2048);
            assert_ok!(Datdot::report(person.origin(), id, period, report));
        }
    }

    /// One active copy of a core of `sizes`, its first period begun.
    pub fn active(&self, author: &Author, amount: u128, copies: u8) -> u64 {
        self.pin(author, amount, copies);
        run_to(16);
        self.set_up_all();
        let (id, copy) = Copies::<Test>::iter().min_by_key(|(id, _)| *id).expect("a copy was drawn");
        run_to(copy.first_period.expect("active") * 20);
        id
    }
}

/// A report without evidence.
pub fn plain_report(outcome: Outcome) -> Report {
    Report { outcome, ttfb_ms: 40, kib_per_s: 0, blocks: 8, bytes: 65536, digest: [7; 32], evidence: Evidence::None }
}

/// The encoded bytes of a keyed span.
pub fn replica(id: u64) -> Replica {
    let span = Spans::<Test>::get(id).expect("a span");
    Replica::new(span.key.expect("a key").tag, span.cells)
}

/// Cells of a copy's spans.
pub fn cells(copy: &Copy) -> Vec<u64> {
    copy.spans.iter().map(|span| Spans::<Test>::get(span).expect("a span").cells).collect()
}

/// The verifiers of a copy and period, as a node computes them.
pub fn drawn(id: u64, period: u32) -> Vec<AccountId32> {
    let copy = Copies::<Test>::get(id).expect("a copy");
    let seed = Periods::<Test>::get(period).expect("a period").seed;
    Datdot::draw_verifiers(id, &copy, period, &seed, Datdot::params().verifiers)
}

/// A call's result without its weight.
pub fn plain(result: frame_support::dispatch::DispatchResultWithPostInfo) -> DispatchResult {
    result.map(|_| ()).map_err(|error| error.error)
}

/// Sends a publication.
pub fn send_publication(who: &Person, publication: Publication) -> DispatchResult {
    let Publication { identity, fork, length, peaks, signature, cuts } = publication;
    plain(Datdot::publish(who.origin(), identity, fork, length, peaks, signature, cuts))
}

/// A core of four blocks in one span.
pub fn small_core() -> Author {
    Author::new(1, vec![1000, 2000, 3000, 4000])
}

/// A core of about 5 MiB with odd block sizes, in four spans.
pub fn large_core() -> Author {
    Author::new(2, (0..77).map(|index| 65536 - (index % 5) * 1111).collect())
}
