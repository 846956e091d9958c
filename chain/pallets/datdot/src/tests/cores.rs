//! Publishing and reaping cores.

use super::{author::Author, mock::*, world::*};
use crate::{rules::publish::Identity, *};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::DispatchError;

type E = Error<Test>;

fn target() -> u64 {
    Datdot::params().span_target
}

#[test]
fn publish_stores_the_tree_and_holds_the_deposit() {
    let world = World::new(0, 0, 0);
    let core = large_core();
    world.chain().execute_with(|| {
        assert_ok!(world.publish(&core));
        let stored = Cores::<Test>::get(core.key()).expect("published");
        assert_eq!(stored.tree.byte_length, core.byte_length());
        assert_eq!(stored.tree.cuts.iter().map(|cut| cut.block).collect::<Vec<_>>(), vec![18, 38, 56]);
        let bytes = |blocks: usize| core.sizes[..blocks].iter().sum::<u64>();
        assert_eq!(stored.tree.cuts.iter().map(|cut| cut.byte).collect::<Vec<_>>(), vec![bytes(18), bytes(38), bytes(56)]);
        assert_eq!(Balances::balance(&world.other.id()), FUNDS - DAT);
        let event = Event::CorePublished { core: core.key(), fork: 0, length: 77, byte_length: core.byte_length() };
        assert_eq!(take_events(), vec![event]);
        check();
    });
}

#[test]
fn newer_tree_replaces_and_queues_requests_again() {
    let world = World::new(0, 0, 0);
    let mut core = small_core();
    world.chain().execute_with(|| {
        let old = core.publication(target());
        world.pin(&core, 100 * DAT, 2);
        skip_to(4);
        core.sizes.push(500);
        take_events();
        assert_ok!(world.publish(&core));
        assert_eq!(Balances::balance(&world.other.id()), FUNDS - DAT, "one deposit a core");
        let published = Event::CorePublished { core: core.key(), fork: 0, length: 5, byte_length: 10_500 };
        let requested = |slot, request| Event::Requested { core: core.key(), slot, request, seed: 2 };
        assert_eq!(take_events(), vec![published, requested(0, 2), requested(1, 3)]);
        let request = Requests::<Test>::get(core.key(), 0).expect("queued");
        assert_eq!((request.tree.length, request.attempt), (5, 0));
        assert_noop!(send_publication(&world.donor, old), E::NotNewer);
        assert_noop!(world.publish(&core), E::NotNewer);
        // A fork is newer than any length.
        let forked = Author { fork: 1, sizes: vec![10], ..core.clone() };
        assert_ok!(world.publish(&forked));
        assert_noop!(world.publish(&core), E::NotNewer);
        check();
    });
}

#[test]
fn publish_refuses_what_it_must() {
    let world = World::new(0, 0, 0);
    let core = large_core();
    world.chain().execute_with(|| {
        let good = core.publication(target());
        let with = |change: &dyn Fn(&mut super::author::Publication)| {
            let mut publication = core.publication(target());
            change(&mut publication);
            send_publication(&world.other, publication)
        };
        let p = good.clone();
        let unsigned =
            Datdot::publish(RuntimeOrigin::none(), p.identity, p.fork, p.length, p.peaks, p.signature, p.cuts).map(|_| ());
        assert_eq!(unsigned.map_err(|error| error.error), Err(DispatchError::BadOrigin));
        let manifest = |bytes: Vec<u8>| Identity::Manifest(bytes.try_into().expect("short"));
        assert_noop!(with(&|p| p.identity = manifest(vec![9])), E::UnsupportedManifest);
        assert_noop!(with(&|p| p.identity = manifest(vec![1, 0])), E::BadManifest);
        assert_noop!(with(&|p| p.fork = 1 << 53), E::BadFork);
        assert_noop!(with(&|p| p.length = 0), E::BadLength);
        assert_noop!(with(&|p| p.length = 1 << 40), E::BadLength);
        assert_noop!(with(&|p| p.length = 78), E::BadTreeSignature);
        assert_noop!(with(&|p| p.length = 79), E::BadPeaks);
        assert_noop!(with(&|p| p.peaks[0].size = 1 << 50), E::BadByteLength);
        assert_noop!(with(&|p| p.peaks[0].size = u64::MAX), E::BadByteLength);
        assert_noop!(with(&|p| p.peaks.iter_mut().for_each(|peak| peak.size = 0)), E::BadByteLength);
        assert_noop!(with(&|p| p.peaks[1].hash[3] ^= 1), E::BadTreeSignature);
        assert_noop!(with(&|p| p.peaks[1].size += 1), E::BadTreeSignature);
        assert_noop!(with(&|p| p.signature[9] ^= 1), E::BadTreeSignature);
        assert_noop!(with(&|p| p.fork = 1), E::BadTreeSignature);
        assert_noop!(with(&|p| p.identity = Identity::Compat(Author::new(99, vec![1]).key())), E::BadTreeSignature);
        assert_noop!(with(&|p| drop(p.cuts.pop())), E::BadCutCount);
        assert_noop!(with(&|p| p.cuts.try_push(Default::default()).expect("room")), E::BadCutCount);
        assert_noop!(with(&|p| p.cuts[1][0].left_size += 1), E::BadOffsetProof);
        assert_noop!(with(&|p| p.cuts[0].clear()), E::BadOffsetProof);
        let poor = Person::new(9);
        assert_noop!(send_publication(&poor, good.clone()), E::InsufficientBalance);
        assert_ok!(send_publication(&world.other, good));
    });
}

#[test]
fn publish_refuses_more_blocks_than_the_bytes_pay_for() {
    let world = World::new(0, 0, 0);
    // 80 bytes a block weigh up to 16 times the mebibyte that is billed at least; all blocks but one are empty.
    let most = 16 * (1 << 20) / 80;
    let mut sizes = vec![0; most + 1];
    sizes[0] = 1;
    let mut core = Author::new(6, sizes);
    world.chain().execute_with(|| {
        assert_noop!(world.publish(&core), E::TooManyBlocks);
        core.sizes.pop();
        assert_ok!(world.publish(&core));
        core.sizes.push(0);
        assert_noop!(world.publish(&core), E::TooManyBlocks);
        assert_eq!(Cores::<Test>::get(core.key()).map(|stored| stored.tree.length), Some(most as u64));
        check();
    });
}

#[test]
fn tree_of_the_prologue_needs_no_signature_and_a_shorter_one_is_refused() {
    let world = World::new(0, 0, 0);
    let core = Author::new(5, vec![10, 20, 30]);
    world.chain().execute_with(|| {
        let publication = core.publication(target());
        let hash = rules::offset::tree_hash(3, &publication.peaks).expect("peaks");
        // Version 1, prologue flag, quorum 1, one ed25519 signer, then the prologue's hash and length.
        let manifest = |length: u8| -> Identity {
            let bytes = [&[1, 2, 0, 1, 1, 0][..], &[5; 32], &core.key(), &hash, &[length]].concat();
            Identity::Manifest(bytes.try_into().expect("short"))
        };
        let send = |length, signature| {
            let publication = core.publication(target());
            send_publication(&world.other, super::author::Publication { identity: manifest(length), signature, ..publication })
        };
        assert_noop!(send(4, [0; 64]), E::BadPrologue);
        assert_noop!(send(3, [1; 64]), E::BadTreeSignature);
        assert_noop!(send(2, [0; 64]), E::BadTreeSignature);
        assert_ok!(send(3, [0; 64]));
        check();
    });
}

#[test]
fn reap_gives_the_deposit_to_who_paid_it() {
    let world = World::new(0, 0, 0);
    let core = small_core();
    world.chain().execute_with(|| {
        assert_noop!(Datdot::reap(RuntimeOrigin::root(), core.key()), DispatchError::BadOrigin);
        assert_noop!(Datdot::reap(world.donor.origin(), core.key()), E::UnknownCore);
        world.pin(&core, 10 * DAT, 1);
        assert_noop!(Datdot::reap(world.donor.origin(), core.key()), E::CoreInUse);
        assert_ok!(Datdot::set_wish(world.donor.origin(), core.key(), 0));
        assert_noop!(Datdot::reap(world.donor.origin(), core.key()), E::PotNotEmpty);
        assert_ok!(Datdot::reclaim(world.donor.origin(), core.key()));
        skip_to(20);
        assert_noop!(Datdot::reap(world.donor.origin(), core.key()), E::ReapTooEarly);
        skip_to(21);
        take_events();
        assert_ok!(Datdot::reap(world.donor.origin(), core.key()));
        assert_eq!(take_events(), vec![Event::CoreReaped { core: core.key(), depositor: world.other.id() }]);
        assert_eq!(Balances::balance(&world.other.id()), FUNDS);
        assert!(!Cores::<Test>::contains_key(core.key()));
        check();
    });
}

#[test]
fn params_are_the_admin_s_alone_and_bounded() {
    let world = World::new(0, 0, 0);
    world.chain().execute_with(|| {
        let params = Params { samples: 7, ..Params::DEVELOPMENT };
        assert_noop!(Datdot::set_params(world.other.origin(), params.clone()), DispatchError::BadOrigin);
        let refused = [
            Params { samples: 0, ..Params::DEVELOPMENT },
            Params { samples: 65, ..Params::DEVELOPMENT },
            Params { verifiers: 16, ..Params::DEVELOPMENT },
            Params { max_copies: 17, ..Params::DEVELOPMENT },
            Params { span_target: 0, ..Params::DEVELOPMENT },
            Params { y: u128::MAX, ..Params::DEVELOPMENT },
            Params { floor_ppm: 1_000_001, ..Params::DEVELOPMENT },
        ];
        for params in refused {
            assert_noop!(Datdot::set_params(RuntimeOrigin::root(), params), E::InvalidParams);
        }
        assert_ok!(Datdot::set_params(RuntimeOrigin::root(), params.clone()));
        assert_eq!(take_events(), vec![Event::ParamsSet { params: params.clone() }]);
        assert_eq!(Datdot::params(), params);
        assert!(Params::PRODUCTION.is_valid() && Params::DEVELOPMENT.is_valid());
    });
}
