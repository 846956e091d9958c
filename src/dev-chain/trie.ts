import { blake2b } from '@polkadot/wasm-crypto'
import { compact, lengthed } from './scale.ts'

type Entry = readonly [nibbles: Uint8Array, value: Uint8Array]

const NO_KEY = new Uint8Array()
const HASH_BYTES = 32
/** Longer values are in the nodes of version 1 as their hash. */
const LONGEST_INLINE = 32

/** How a node begins, by what it is: the bits before the length of its partial key, and how many bits of the byte are the length's. */
const HEADERS = {
  leaf: [0b0100_0000, 6],
  branch: [0b1000_0000, 6],
  branchWithValue: [0b1100_0000, 6],
  leafWithHash: [0b0010_0000, 5],
  branchWithHash: [0b0001_0000, 4]
} as const

/** Root of Substrate's trie over these entries: version 1 for a state, 0 for a list of extrinsics. */
export function trieRoot(
  entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
  version: 0 | 1
): Uint8Array {
  const sorted = [...entries].sort(([a], [b]) => Buffer.compare(a, b))
  if (sorted.length === 0) return hash(Buffer.of(0))
  return hash(
    nodeOf(
      sorted.map(([key, value]) => [nibblesOf(key), value]),
      0,
      version
    )
  )
}

/** Root of a list: the trie whose keys are the items' numbers. */
export function orderedRoot(items: readonly Uint8Array[], version: 0 | 1): Uint8Array {
  return trieRoot(
    items.map((item, i) => [compact(i), item] as const),
    version
  )
}

// The node over sorted entries whose keys are the same up to `depth`.
function nodeOf(entries: readonly Entry[], depth: number, version: 0 | 1): Buffer {
  const [first, value] = entries[0] as Entry
  const [last] = entries[entries.length - 1] as Entry
  let end = depth
  while (end < first.length && first[end] === last[end]) end++
  const partial = first.subarray(depth, end)
  if (entries.length === 1)
    return Buffer.concat([header('leaf', value, partial, version), stored(value, version)])
  const own = first.length === end ? value : null
  const children = childrenOf(own === null ? entries : entries.slice(1), end)
  const bitmap = children.reduce((bits, child, nibble) => (child ? bits | (1 << nibble) : bits), 0)
  return Buffer.concat([
    header('branch', own, partial, version),
    Buffer.of(bitmap & 0xff, bitmap >> 8),
    own === null ? NO_KEY : stored(own, version),
    ...children.filter(child => child !== undefined).map(child => reference(nodeOf(child, end + 1, version)))
  ])
}

function childrenOf(entries: readonly Entry[], depth: number): (Entry[] | undefined)[] {
  const children: (Entry[] | undefined)[] = Array(16).fill(undefined)
  for (const entry of entries) {
    const nibble = entry[0][depth] as number
    const child = children[nibble]
    if (child === undefined) children[nibble] = [entry]
    else child.push(entry)
  }
  return children
}

function header(
  kind: 'leaf' | 'branch',
  value: Uint8Array | null,
  partial: Uint8Array,
  version: 0 | 1
): Buffer {
  const hashed = value !== null && isHashed(value, version)
  const name = value === null ? 'branch' : hashed ? (`${kind}WithHash` as const) : plain[kind]
  const [bits, size] = HEADERS[name]
  const most = 2 ** size - 1
  const bytes = [bits | Math.min(most, partial.length)]
  if (partial.length >= most) {
    let left = partial.length - most
    for (; left >= 255; left -= 255) bytes.push(255)
    bytes.push(left)
  }
  const odd = partial.length % 2
  if (odd === 1) bytes.push(partial[0] as number)
  for (let i = odd; i < partial.length; i += 2)
    bytes.push(((partial[i] as number) << 4) | (partial[i + 1] as number))
  return Buffer.from(bytes)
}

const plain = { leaf: 'leaf', branch: 'branchWithValue' } as const

function isHashed(value: Uint8Array, version: 0 | 1): boolean {
  return version === 1 && value.length > LONGEST_INLINE
}

function stored(value: Uint8Array, version: 0 | 1): Uint8Array {
  return isHashed(value, version) ? hash(value) : lengthed(value)
}

function reference(node: Buffer): Buffer {
  return lengthed(node.length < HASH_BYTES ? node : hash(node))
}

function nibblesOf(key: Uint8Array): Uint8Array {
  const out = new Uint8Array(2 * key.length)
  key.forEach((byte, i) => {
    out[2 * i] = byte >> 4
    out[2 * i + 1] = byte & 15
  })
  return out
}

function hash(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, NO_KEY, HASH_BYTES)
}
