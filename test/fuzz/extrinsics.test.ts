import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ExtensionType, signExtrinsic } from '../../src/chain-client/extensions.ts'
import { Runtime } from '../../src/chain-client/runtime.ts'
import type { AccountKeys, Chain, RpcProvider } from '../../src/chain-client/types.ts'
import type { DevChain } from '../../src/dev-chain/index.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { concat, toHex } from '../../src/domain/bytes.ts'
import type { Call } from '../../src/domain/calls.ts'
import type { Report } from '../../src/domain/reports.ts'
import { keysOf, openBoth, sent, vectorCore } from '../chain-client/local-chain.ts'
import { scaled } from '../helpers/long.ts'

const ZERO = new Uint8Array(32)
const KEY = 'ab'.repeat(32)
/** Substrate's codes for what a pool does not take: not decodable, invalid, not knowable. */
const CODES = [1002, 1010, 1011]

const leaf = { data: Uint8Array.of(1, 2, 3), path: [ZERO] }
const SERVED: Report = {
  ...{ outcome: 'Served', ttfbMs: 30, kibPerS: 900, blocks: 4, bytes: 70_000, digest: ZERO },
  evidence: { kind: 'Served', receipt: new Uint8Array(64), peaks: [ZERO], leaf }
}
const CALLS: Call[] = [
  { call: 'register', roles: ['pinner'], noiseKey: KEY, proof: new Uint8Array(64), capacity: 1n },
  { call: 'updateProvider', roles: ['signer'], capacity: 0n, paused: true, payout: KEY },
  { call: 'publish', facts: vectorCore('v1 default') },
  { call: 'donate', core: KEY, amount: DAT, wish: 1 },
  { call: 'commitKey', span: 1n, e: 257, modulus: new Uint8Array(256).fill(0xc3) },
  { call: 'seal', span: 1n, root: ZERO, cells: 1, signature: new Uint8Array(64) },
  { call: 'prove', copy: 1n, period: 1, proofs: [{ peaks: [ZERO], leaves: [leaf, leaf] }] },
  { call: 'settle', copy: 1n, limit: 4 },
  { call: 'decline', target: { span: 1n }, reason: 'Policy' },
  { call: 'reap', core: KEY },
  { call: 'deregister' },
  { call: 'reclaim', core: KEY },
  { call: 'setWish', core: KEY, wish: 3 },
  { call: 'assign', core: KEY },
  { call: 'expire', span: 1n },
  { call: 'report', copy: 1n, period: 1, report: SERVED }
]

/** Of a thousand attempts each way out has more than so many. */
const ENOUGH = 50
/** The last of all is of the chain's own parameters. */
const KINDS = CALLS.length + 1

/** One change of a byte string, at a place that is a part of its length; most keep the length, so that the bytes still say something. */
const edit = fc.record({
  kind: fc.constantFrom('flip', 'flip', 'flip', 'flip', 'insert', 'delete', 'cut'),
  at: fc.nat(4_095).map(n => n / 4_096),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 6 })
})
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce((all, { kind, at, bytes: some }) => {
    const from = Math.floor(at * all.length)
    const [head, tail] = [all.subarray(0, from), all.subarray(from)]
    if (kind === 'insert') return concat(head, some, tail)
    if (kind === 'delete') return concat(head, tail.subarray(some.length))
    if (kind === 'cut') return head
    return concat(
      head,
      Uint8Array.from(tail, (byte, i) => byte ^ (some[i] ?? 0))
    )
  }, bytes)
}

const edits = fc.array(edit, { minLength: 1, maxLength: 2 })
const attempt = fc.oneof(
  fc.record({ form: fc.constant('noise' as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ form: fc.constant('extrinsic' as const), which: fc.nat(KINDS - 1), edits }),
  fc.record({ form: fc.constant('call' as const), which: fc.nat(KINDS - 1), edits })
)

type Attempt = typeof attempt extends fc.Arbitrary<infer T> ? T : never

/** One for each way out: not decodable, a byte of the signature changed, nothing changed. */
const EXAMPLES: [Attempt][] = [
  [{ form: 'noise', bytes: Uint8Array.of(1, 2, 3) }],
  [{ form: 'extrinsic', which: 3, edits: [{ kind: 'flip', at: 0.3, bytes: Uint8Array.of(1) }] }],
  [{ form: 'call', which: 3, edits: [{ kind: 'flip', at: 0, bytes: Uint8Array.of(0) }] }]
]

/** What the pool says: null when it takes the bytes. */
async function refusalOf(provider: RpcProvider, bytes: Uint8Array): Promise<number | null> {
  try {
    await provider.send('author_submitExtrinsic', [`0x${toHex(bytes)}`])
    return null
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'RpcError' && 'code' in error, String(error))
    return Number(error.code)
  }
}

/** Signs any bytes as a call of the account, as the chain's next extrinsic of it. */
async function signerOf(
  { chain, client }: { chain: DevChain; client: Chain },
  provider: RpcProvider,
  keys: AccountKeys
): Promise<(call: Uint8Array) => Promise<Uint8Array>> {
  const version = (await provider.send('state_getRuntimeVersion', [])) as Record<string, number | string>
  const [specName, specVersion, transactionVersion] = [
    String(version['specName']),
    Number(version['specVersion']),
    Number(version['transactionVersion'])
  ]
  const facts = { specName, specVersion, transactionVersion }
  const extensions: readonly ExtensionType[] = new Runtime(
    String(await provider.send('state_getMetadata', [])),
    facts
  ).extensions
  return async call => {
    const birth = client.finalized()
    const nonce = await (await client.snapshot()).nonce(keys.account)
    return signExtrinsic(
      call,
      extensions,
      { ...facts, nonce, birth, genesis: chain.genesisHash.slice(2) },
      keys
    )
  }
}

test('extrinsics - bytes of any kind are refused with a code or taken, and the chain goes on', async t => {
  const both = await openBoth(t)
  const { chain, client } = both
  const provider = chain.provider()
  await provider.connect()
  t.after(() => provider.disconnect())
  const keys = await keysOf(1)
  const signed = await signerOf(both, provider, keys)
  const calls: Call[] = [...CALLS, { call: 'setParams', params: await client.params() }]
  const counts = new Map<number | null, number>()
  const pending = async () => (await provider.send('author_pendingExtrinsics', [])) as string[]
  const submit = async (bytes: Uint8Array) => {
    const code = await refusalOf(provider, bytes)
    assert.ok(code === null || CODES.includes(code), `code ${code}`)
    counts.set(code, (counts.get(code) ?? 0) + 1)
    // Taken bytes have their block, so that the next ones meet an empty pool; a block without them is not made.
    if (code !== null) return
    const { height } = chain
    await chain.mine()
    assert.equal(chain.height, height + 1)
    // The first block of a session has no room, as Substrate counts its weight.
    if ((await pending()).length > 0) await chain.mine()
    assert.deepEqual(await pending(), [])
    for await (const head of client.heads(AbortSignal.timeout(60_000), { from: chain.height })) {
      assert.equal(head.height, chain.height)
      break
    }
  }
  await fc.assert(
    fc.asyncProperty(attempt, async tried => {
      if (tried.form === 'noise') return submit(tried.bytes)
      const call = client.encode(calls[tried.which] as Call)
      if (tried.form === 'extrinsic') return submit(edited(await signed(call), tried.edits))
      // Rightly signed by somebody with money, whatever it says.
      return submit(await signed(edited(call, tried.edits)))
    }),
    { numRuns: scaled(1_000, 1_000_000), endOnFailure: true, examples: EXAMPLES }
  )
  t.diagnostic(`taken or refused by code: ${JSON.stringify([...counts])}`)
  for (const way of [null, 1002, 1010]) assert.ok((counts.get(way) ?? 0) > ENOUGH, `too few came to ${way}`)
  const { account: to } = await keysOf(99)
  await sent(both, keys, { call: 'transfer', to, amount: DAT })
  assert.equal((await (await client.snapshot()).balance(to)).free, DAT)
})
