//! Genesis presets, served by the GenesisBuilder API: `development` (Alice alone) and `local_testnet` (four validators).
use crate::*;
use alloc::{string::ToString, vec, vec::Vec};
use frame_support::build_struct_json_patch;
use sp_consensus_babe::{AllowedSlots, BabeEpochConfiguration};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// A quarter of the slots have a primary author; every other has a secondary one, with a VRF too.
pub const BABE_EPOCH: BabeEpochConfiguration =
    BabeEpochConfiguration { c: (1, 4), allowed_slots: AllowedSlots::PrimaryAndSecondaryVRFSlots };

/// What each well-known account starts with. It stays below 2^64, the largest number a JSON patch can carry.
const ENDOWMENT: Balance = 1_000_000 * DAT;

fn keys(babe: Sr25519Keyring, grandpa: Ed25519Keyring) -> SessionKeys {
    SessionKeys { babe: babe.public().into(), grandpa: grandpa.public().into() }
}

fn genesis(validators: Vec<(Sr25519Keyring, Ed25519Keyring)>) -> serde_json::Value {
    let accounts = validators.iter().map(|(who, _)| who.to_account_id()).collect::<Vec<_>>();
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig {
            balances: Sr25519Keyring::well_known().map(|who| (who.to_account_id(), ENDOWMENT)).collect::<Vec<_>>(),
        },
        babe: BabeConfig { epoch_config: BABE_EPOCH },
        validators: ValidatorsConfig { list: accounts.clone() },
        session: SessionConfig {
            keys: validators
                .into_iter()
                .zip(accounts)
                .map(|((babe, grandpa), who)| (who.clone(), who, keys(babe, grandpa)))
                .collect::<Vec<_>>(),
        },
        sudo: SudoConfig { key: Some(Sr25519Keyring::Alice.to_account_id()) },
    })
}

/// The JSON patch of a preset, or none if there is no such preset.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    let alice = (Sr25519Keyring::Alice, Ed25519Keyring::Alice);
    let patch = match id.as_ref() {
        DEV_RUNTIME_PRESET => genesis(vec![alice]),
        LOCAL_TESTNET_RUNTIME_PRESET => genesis(vec![
            alice,
            (Sr25519Keyring::Bob, Ed25519Keyring::Bob),
            (Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
            (Sr25519Keyring::Dave, Ed25519Keyring::Dave),
        ]),
        _ => return None,
    };
    Some(patch.to_string().into_bytes())
}

/// The names that `get_preset` knows.
pub fn preset_names() -> Vec<PresetId> {
    vec![PresetId::from(DEV_RUNTIME_PRESET), PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET)]
}
