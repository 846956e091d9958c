import { secp256k1Recover } from '@polkadot/util-crypto'
import { blake2b, ed25519Verify, keccak256, sr25519Verify, twox } from '@polkadot/wasm-crypto'
import { DatdotError } from '../../domain/errors.ts'
import { fromHex, toHex } from '../hex.ts'
import { lengthed, ScaleReader, uint } from '../scale.ts'
import { orderedRoot, trieRoot } from '../trie.ts'
import type { Fat, Heap } from './heap.ts'
import type { WorkingState } from './working-state.ts'

/** What host functions work on: the memory of the runtime that calls, and the state that it runs over. */
export interface HostContext {
  readonly heap: Heap
  readonly state: WorkingState
  /** The encoded version of another runtime, by its own word; null if that is none. */
  versionOf(code: Uint8Array): Uint8Array | null
}

type HostFunctions = Record<string, (...args: never[]) => unknown>

const NO_KEY = new Uint8Array()
const NONE = Buffer.of(0)
const LOG_NOTHING = 0
/** `EcdsaVerifyError::BadSignature` in an Err. */
// The library's wasm panics over a signature that is none, and keeps what it had on its stack.
const IN_JS = true
const BAD_SIGNATURE = Buffer.of(1, 2)

function some(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(1), lengthed(bytes)])
}

/** The host functions that a Substrate runtime imports (spec.polkadot.network, appendix B), for whatever context is current. */
export function hostFunctions(context: () => HostContext): HostFunctions {
  return { ...storage(context), ...hashing(context), ...crypto(context), ...others(context) }
}

function storage(context: () => HostContext): HostFunctions {
  const hex = (fat: Fat) => toHex(context().heap.read(fat))
  const answer = (bytes: Uint8Array) => context().heap.write(bytes)
  return {
    ext_storage_get_version_1: (key: Fat) => {
      const value = context().state.get(hex(key))
      return answer(value === undefined ? NONE : some(fromHex(value)))
    },
    ext_storage_set_version_1: (key: Fat, value: Fat) => context().state.set(hex(key), hex(value)),
    ext_storage_clear_version_1: (key: Fat) => context().state.set(hex(key), null),
    ext_storage_exists_version_1: (key: Fat) => (context().state.get(hex(key)) === undefined ? 0 : 1),
    ext_storage_append_version_1: (key: Fat, item: Fat) => context().state.append(hex(key), hex(item)),
    ext_storage_next_key_version_1: (after: Fat) => {
      const key = context().state.nextKey('0x', hex(after))
      return answer(key === undefined ? NONE : some(fromHex(key)))
    },
    ext_storage_clear_prefix_version_2: (prefix: Fat, limit: Fat) => {
      const most = new ScaleReader(Buffer.from(context().heap.read(limit)))
      const count = most.u8() === 0 ? Number.POSITIVE_INFINITY : most.u32()
      const { all, removed } = context().state.clearPrefix(hex(prefix), count)
      return answer(Buffer.concat([Buffer.of(all ? 0 : 1), uint(removed, 4)]))
    },
    // Over what the calls wrote alone: the true root costs more than all the rest of a block, and nobody here asks for it.
    ext_storage_root_version_2: (version: number) => {
      const writes = [...context().state.changes].flatMap(([key, value]) =>
        value === null ? [] : [[fromHex(key), fromHex(value)] as const]
      )
      return answer(trieRoot(writes, version === 0 ? 0 : 1))
    },
    ext_storage_start_transaction_version_1: () => context().state.begin(),
    ext_storage_rollback_transaction_version_1: () => context().state.rollback(),
    ext_storage_commit_transaction_version_1: () => context().state.commit()
  }
}

function hashing(context: () => HostContext): HostFunctions {
  const of = (hash: (bytes: Uint8Array) => Uint8Array) => (data: Fat) => {
    const { heap } = context()
    return heap.put(hash(heap.read(data)))
  }
  return {
    ext_hashing_blake2_128_version_1: of(bytes => blake2b(bytes, NO_KEY, 16)),
    ext_hashing_blake2_256_version_1: of(bytes => blake2b(bytes, NO_KEY, 32)),
    ext_hashing_twox_64_version_1: of(bytes => twox(bytes, 1)),
    ext_hashing_twox_128_version_1: of(bytes => twox(bytes, 2)),
    ext_hashing_keccak_256_version_1: of(keccak256),
    ext_trie_blake2_256_ordered_root_version_2: (data: Fat, version: number) => {
      const { heap } = context()
      const reader = new ScaleReader(Buffer.from(heap.read(data)))
      const items = reader.list(() => reader.lengthed())
      return heap.put(orderedRoot(items, version === 0 ? 0 : 1))
    }
  }
}

function crypto(context: () => HostContext): HostFunctions {
  const verifier =
    (verify: (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean) =>
    (signature: number, message: Fat, key: number) => {
      const { heap } = context()
      return attempt(() => verify(heap.take(signature, 64), heap.read(message), heap.take(key, 32))) ? 1 : 0
    }
  return {
    ext_crypto_ed25519_verify_version_1: verifier(ed25519Verify),
    ext_crypto_sr25519_verify_version_2: verifier(sr25519Verify),
    ext_crypto_secp256k1_ecdsa_recover_compressed_version_2: (signature: number, message: number) => {
      const { heap } = context()
      const bytes = heap.take(signature, 65)
      const v = bytes[64] as number
      const key = attempt(() =>
        secp256k1Recover(heap.take(message, 32), bytes.subarray(0, 64), v > 26 ? v - 27 : v, 'blake2', IN_JS)
      )
      return heap.write(key === null ? BAD_SIGNATURE : Buffer.concat([Buffer.of(0), key]))
    }
  }
}

// What these make of bytes that are no key or signature is an error; to a runtime it is a signature that does not fit.
function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

function others(context: () => HostContext): HostFunctions {
  const nothing = () => undefined
  const absent = (what: string) => () => {
    throw new DatdotError('INTERNAL', `the embedded chain has no ${what}`)
  }
  return {
    ext_allocator_malloc_version_1: (size: number) => context().heap.allocate(size >>> 0),
    ext_allocator_free_version_1: (pointer: number) => context().heap.release(pointer),
    ext_misc_runtime_version_version_1: (code: Fat) => {
      const { heap, versionOf } = context()
      const version = versionOf(heap.read(code))
      return heap.write(version === null ? NONE : some(version))
    },
    ext_logging_max_level_version_1: () => LOG_NOTHING,
    ext_logging_log_version_1: nothing,
    ext_misc_print_utf8_version_1: nothing,
    ext_misc_print_hex_version_1: nothing,
    ext_offchain_index_set_version_1: nothing,
    ext_offchain_submit_transaction_version_1: absent('offchain workers'),
    ext_crypto_sr25519_generate_version_1: absent('keystore'),
    ext_crypto_ed25519_generate_version_1: absent('keystore'),
    ext_crypto_sr25519_sign_version_1: absent('keystore'),
    ext_crypto_ed25519_sign_version_1: absent('keystore')
  }
}
