import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ChainClient } from '../../src/chain-client/client.ts'
import type { DevChain } from '../../src/dev-chain/index.ts'
import { concat, fromHex, u64 } from '../../src/domain/bytes.ts'
import type { Call } from '../../src/domain/calls.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { TreeFacts } from '../../src/domain/publish.ts'
import type { Report } from '../../src/domain/reports.ts'
import { openChain, vectorCore } from './local-chain.ts'

const KEY = 'ab'.repeat(32)
const HASH = new Uint8Array(32).fill(3)
const LEAF = { data: Uint8Array.of(1, 2, 3), path: [HASH] }
const REPORT: Report = {
  outcome: 'TimedOut',
  ttfbMs: 1,
  kibPerS: 2,
  blocks: 3,
  bytes: 4,
  digest: HASH,
  evidence: { kind: 'None' }
}

let chain: DevChain
let client: ChainClient

before(async () => {
  chain = await openChain()
  client = await ChainClient.connect({ provider: chain.provider() })
})

after(async () => {
  await client.close()
  await chain.close()
})

/** A call without its pallet's index: that is the runtime's. */
const encoded = (call: Call): Uint8Array => client.encode(call).subarray(1)
const refused = (call: Call) =>
  assert.throws(
    () => client.encode(call),
    error => isDatdotError(error, 'BAD_ARGUMENT'),
    call.call
  )

test('calls - every call has the index that the protocol fixes', () => {
  const facts = vectorCore('v1 default, one block')
  const calls: [number, Call][] = [
    [0, { call: 'register', roles: ['signer'], noiseKey: KEY, proof: new Uint8Array(64), capacity: 0n }],
    [1, { call: 'updateProvider', roles: [], capacity: 0n, paused: false, payout: null }],
    [2, { call: 'deregister' }],
    [3, { call: 'publish', facts }],
    [4, { call: 'donate', core: KEY, amount: 1n, wish: 1 }],
    [5, { call: 'reclaim', core: KEY }],
    [6, { call: 'setWish', core: KEY, wish: 1 }],
    [7, { call: 'assign', core: KEY }],
    [8, { call: 'commitKey', span: 1n, e: 257, modulus: new Uint8Array(256) }],
    [9, { call: 'seal', span: 1n, root: HASH, cells: 1, signature: new Uint8Array(64) }],
    [10, { call: 'prove', copy: 1n, period: 1, proofs: [] }],
    [11, { call: 'report', copy: 1n, period: 1, report: REPORT }],
    [12, { call: 'settle', copy: 1n, limit: 1 }],
    [13, { call: 'expire', span: 1n }],
    [15, { call: 'decline', target: { span: 1n }, reason: 'Policy' }],
    [16, { call: 'reap', core: KEY }]
  ]
  for (const [index, call] of calls) assert.equal(encoded(call)[0], index, call.call)
})

test('calls - arguments lie as the protocol says', () => {
  const proof = new Uint8Array(64).fill(7)
  const register: Call = {
    call: 'register',
    roles: ['signer', 'verifier'],
    noiseKey: KEY,
    proof,
    capacity: 2n ** 40n
  }
  assert.deepEqual(encoded(register), concat(Uint8Array.of(0, 5), fromHex(KEY), proof, u64(2n ** 40n)))
  const update: Call = { call: 'updateProvider', roles: ['pinner'], capacity: 1n, paused: true, payout: KEY }
  assert.deepEqual(encoded(update), concat(Uint8Array.of(1, 2), u64(1), Uint8Array.of(1, 1), fromHex(KEY)))
  const decline: Call = { call: 'decline', target: { copy: 9n }, reason: 'Resources' }
  assert.deepEqual(encoded(decline), concat(Uint8Array.of(15, 1), u64(9), Uint8Array.of(2)))
  const modulus = Uint8Array.from({ length: 256 }, (_, index) => index)
  const key: Call = { call: 'commitKey', span: 5n, e: 65537, modulus }
  assert.deepEqual(encoded(key), concat(Uint8Array.of(8), u64(5), Uint8Array.of(1, 0, 1, 0), modulus))
  const prove: Call = { call: 'prove', copy: 6n, period: 2, proofs: [{ peaks: [HASH], leaves: [LEAF] }] }
  const proofBytes = concat(Uint8Array.of(4, 4), HASH, Uint8Array.of(4, 12, 1, 2, 3, 4), HASH)
  assert.deepEqual(encoded(prove), concat(Uint8Array.of(10), u64(6), Uint8Array.of(2, 0, 0, 0), proofBytes))
})

test('calls - a report lies as the protocol says, with each kind of evidence', () => {
  const head = concat(Uint8Array.of(11), u64(1), Uint8Array.of(1, 0, 0, 0))
  const facts = (outcome: number) =>
    concat(Uint8Array.of(outcome, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4, 0, 0, 0), HASH)
  const call = { call: 'report', copy: 1n, period: 1 } as const
  assert.deepEqual(encoded({ ...call, report: REPORT }), concat(head, facts(2), Uint8Array.of(0)))
  const leaf = concat(Uint8Array.of(4), HASH, Uint8Array.of(12, 1, 2, 3, 4), HASH)
  const receipt = new Uint8Array(64).fill(8)
  assert.deepEqual(
    encoded({
      ...call,
      report: {
        ...REPORT,
        outcome: 'Served',
        evidence: { kind: 'Served', receipt, peaks: [HASH], leaf: LEAF }
      }
    }),
    concat(head, facts(0), Uint8Array.of(1), receipt, leaf)
  )
  assert.deepEqual(
    encoded({
      ...call,
      report: {
        ...REPORT,
        outcome: 'WrongReplica',
        evidence: { kind: 'WrongReplica', span: 2, index: 3n, peaks: [HASH], leaf: LEAF }
      }
    }),
    concat(head, facts(4), Uint8Array.of(2, 2, 0), u64(3), leaf)
  )
})

test('calls - a tree with its offset proofs lies as the protocol says', () => {
  const facts: TreeFacts = {
    ...vectorCore('compat'),
    fork: 1n,
    length: 64,
    peaks: [{ size: 63n, hash: HASH }],
    signature: new Uint8Array(64).fill(4),
    cuts: [
      [],
      [
        { leftSize: 1n, left: HASH, right: HASH, open: null },
        { leftSize: 64n, left: HASH, right: HASH, open: [HASH, HASH] }
      ]
    ]
  }
  const expected = concat(
    Uint8Array.of(3, 1),
    fromHex(facts.key),
    Uint8Array.of(4, 1, 1),
    Uint8Array.of(4, 252),
    HASH,
    facts.signature,
    Uint8Array.of(8, 0, 8, 4),
    HASH,
    HASH,
    Uint8Array.of(0, 1, 1),
    HASH,
    HASH,
    Uint8Array.of(1),
    HASH,
    HASH
  )
  assert.deepEqual(encoded({ call: 'publish', facts }), expected)
})

test('calls - what is longer than its bound is refused here', () => {
  const facts = vectorCore('v1 default')
  const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)
  const proof = { peaks: [HASH], leaves: [LEAF] }
  const prove = (proofs: (typeof proof)[]): Call => ({ call: 'prove', copy: 1n, period: 1, proofs })
  refused({ call: 'publish', facts: { ...facts, identity: { manifest: new Uint8Array(1025) } } })
  refused({ call: 'publish', facts: { ...facts, peaks: many(54, { size: 1n, hash: HASH }) } })
  refused({ call: 'publish', facts: { ...facts, signature: new Uint8Array(68) } })
  refused({ call: 'publish', facts: { ...facts, cuts: many(64, []) } })
  refused({ call: 'publish', facts: { ...facts, length: 2 ** 53 } })
  refused(prove(many(65, proof)))
  refused(prove([{ ...proof, peaks: many(54, HASH) }]))
  refused(prove([{ ...proof, leaves: [{ data: new Uint8Array(1025), path: [] }] }]))
  refused({ call: 'prove', copy: 1n, period: -1, proofs: [] })
  refused({ call: 'report', copy: 1n, period: 1, report: { ...REPORT, blocks: 65536 } })
  refused({ call: 'seal', span: 1n, root: HASH, cells: 1, signature: new Uint8Array(65) })
})
