import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { spanSecrets } from '../../roles/span.ts'
import type { CheckSession } from '../../roles/verifier/replica.ts'
import { blake2b256 } from '../../src/codec/hash.ts'
import { xorKeystream } from '../../src/codec/keystream.ts'
import { SpanTree } from '../../src/codec/tree.ts'
import { MemoryTreeStore } from '../../src/codec/tree-store.ts'
import { concat, fromHex, toHex, u64 } from '../../src/domain/bytes.ts'
import { type CopyLeaf, LEAF_BYTES } from '../../src/domain/leaves.ts'
import { receiptMessage } from '../../src/domain/messages.ts'
import type { Outcome } from '../../src/domain/reports.ts'
import { verdictOf } from '../../src/domain/settlement.ts'
import type { CopyView } from '../../src/domain/view.ts'
import { checkReplica } from '../helpers/check-replica.ts'
import { encodeAll, genesis, type World, world } from '../helpers/encoded-span.ts'
import { scaled } from '../helpers/long.ts'
import { assertShare, noticed } from './chance.ts'

const PERIODS = scaled(150, 5_000)
const VERIFIERS = 3
/** Leaves that a verifier chooses in secret, besides the one that the chain draws for it. */
const SECRET_LEAVES = 3

interface Conspiracy {
  w: World
  copy: CopyView
  session: CheckSession
  leaves: number
  garbage: number
}

/** A copy of which every n-th leaf is garbage that nobody has to store, sealed by its signer and pinner. */
async function conspire(t: TestContext, every: number): Promise<Conspiracy> {
  const w = await world(t)
  const { cells, tree: honest } = await encodeAll(w, w.plain)
  const all = concat(...cells)
  let garbage = 0
  for (let leaf = every - 1; leaf < honest.leaves; leaf += every, garbage++) {
    const bytes = all.subarray(leaf * LEAF_BYTES, (leaf + 1) * LEAF_BYTES)
    xorKeystream(bytes.fill(0), blake2b256(u64(leaf)), 0)
  }
  const { tag } = spanSecrets(genesis, w.copy, w.span)
  const tree = new SpanTree({ tag, store: new MemoryTreeStore() })
  await tree.write(all)
  const span = { ...w.span, state: 'Sealed' as const, cells: tree.cells, root: tree.root() }
  const copy: CopyView = { ...w.copy, state: 'Active', pinnerNoiseKey: w.pinner.noiseKey, spans: [span] }
  const session: CheckSession = {
    leaves: async (_, indexes) => {
      const proof = (index: number) =>
        tree.proof(index, async at => all.slice(at * LEAF_BYTES, (at + 1) * LEAF_BYTES))
      return { peaks: tree.peaks(), leaves: await Promise.all(indexes.map(proof)) }
    },
    receipt: async (copyId, period, account) =>
      w.pinner.signNoise(receiptMessage({ genesis, copyId, period, account: fromHex(account) })),
    close: () => undefined
  }
  return { w, copy, session, leaves: tree.leaves, garbage }
}

const { signal } = new AbortController()
const limits = { signal, limit: signal, retryMs: 0 }

/** What the verifiers of a period report, one after another; `isShared`: each checks what those before it accuse. */
async function reports(conspiracy: Conspiracy, period: number, isShared: boolean): Promise<Outcome[]> {
  const { w, copy, session } = conspiracy
  const seed = blake2b256(u64(period))
  const accused: CopyLeaf[] = []
  const outcomes: Outcome[] = []
  for (let verifier = 0; verifier < VERIFIERS; verifier++) {
    const secret = blake2b256(seed, u64(verifier))
    const check = { genesis, copy, period, seed, account: toHex(blake2b256(secret)), secret }
    const told = isShared ? accused : []
    const { outcome, evidence } = await checkReplica({ ...check, accused: told }, session, w.core, limits)
    if (evidence.kind === 'WrongReplica') accused.push({ span: evidence.span, index: Number(evidence.index) })
    outcomes.push(outcome)
  }
  return outcomes
}

async function failedPeriods(conspiracy: Conspiracy, isShared: boolean): Promise<number> {
  let failed = 0
  for (let period = 1; period <= PERIODS; period++)
    if (verdictOf(await reports(conspiracy, period, isShared), VERIFIERS) === 'Failed') failed += 1
  return failed
}

for (const every of [50, 10])
  test(`part garbage - one leaf in ${every} costs more of what is paid than it saves of what is stored`, async t => {
    const conspiracy = await conspire(t, every)
    const { leaves, garbage } = conspiracy
    const share = garbage / leaves
    const found = 1 - (1 - share) * (1 - noticed(leaves, garbage, SECRET_LEAVES))
    // The first or the second finds it, and then the third is told.
    const shared = 1 - (1 - found) ** 2
    assertShare('told', await failedPeriods(conspiracy, true), PERIODS, shared)
    assert.ok(shared > 5 * share)
    // Two of three must find garbage of their own.
    const alone = found ** 2 * (3 - 2 * found)
    assertShare('not told', await failedPeriods(conspiracy, false), PERIODS, alone)
    assert.equal(alone < share, every === 50)
    const percents = [share, shared, alone].map(part => `${(100 * part).toFixed(1)} %`)
    t.diagnostic(
      `garbage ${percents[0]}: periods unpaid ${percents[1]}; if verifiers did not tell each other ${percents[2]}`
    )
  })
