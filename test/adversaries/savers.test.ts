import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { spanSecrets } from '../../roles/span.ts'
import { CellDecoder } from '../../src/codec/decode.ts'
import { blake2b256 } from '../../src/codec/hash.ts'
import { verifySpanProof } from '../../src/codec/proof.ts'
import { concat } from '../../src/domain/bytes.ts'
import type { CopyId } from '../../src/domain/ids.ts'
import { CELLS_PER_LEAF, periodLeaves, SLICE_BYTES } from '../../src/domain/leaves.ts'
import { faultsAfter } from '../../src/domain/settlement.ts'
import type { CopyView } from '../../src/domain/view.ts'
import { is, pinCore, randomBlocks, settlements } from '../helpers/job.ts'
import { Network, type Provider } from '../helpers/network.ts'
import { DroppingPinner } from './dropper.ts'
import { type Answer, CopyingPinner, ForgingPinner, ReencodingPinner } from './forger.ts'
import { pause } from './pause.ts'

/** One span of 320 leaves; a tenth of them are two whole groups of the 16 whose hashes a pinner does not store. */
const SIZES = Array.from({ length: 5 }, () => 65_280)
const FIRST_DROPPED = 96
const DROPPED = 32
const MAX_FAULTS = 2
const isKept = (leaf: number) => leaf < FIRST_DROPPED || leaf >= FIRST_DROPPED + DROPPED

const HONEST = 'pinner-1'
const DROPPERS = ['pinner-2', 'pinner-3', 'pinner-4']
const REENCODER = 'pinner-5'
const COPIER = 'pinner-6'

interface Scene {
  network: Network
  plain: Uint8Array
  /** As they were when they became active, by the pinner's name. */
  copies: Map<string, CopyView>
  /** Of the droppers' copies: for each period whether they had all leaves that the chain asked for. */
  expected: Map<CopyId, boolean[]>
}

async function play(t: TestContext): Promise<Scene> {
  const network = await Network.start({
    signers: 1,
    pinners: 6,
    // None of this is their doing.
    verifiers: 0,
    makeNode: (name, config, modules) => {
      if (DROPPERS.includes(name)) return new DroppingPinner(config, modules, isKept)
      if (name === REENCODER) return new ReencodingPinner(config, modules)
      return name === COPIER ? new CopyingPinner(config, modules) : null
    }
  })
  t.after(() => network.close())
  const job = await pinCore(network, randomBlocks(SIZES), 6)
  t.after(() => job.author.close())
  const copies = new Map<string, CopyView>()
  const expected = new Map<CopyId, boolean[]>()
  const follow = async (provider: Provider) => {
    const { name, identity } = provider
    const isOwn = is('CopyAssigned', event => event.pinner === identity.account)
    const { copy: id } = await network.event(isOwn)
    await network.event(is('CopyActive', event => event.copy === id))
    const copy = await (await network.client.snapshot()).copy(id)
    assert.ok(copy)
    copies.set(name, copy)
    if (name === HONEST) return
    // So that each adversary has one copy.
    await pause(network, provider)
    if (DROPPERS.includes(name)) expected.set(id, await expectedOf(network, copy))
    else await settlements(network, id, MAX_FAULTS)
  }
  await Promise.all(network.of('pinner').map(follow))
  return { network, plain: concat(...job.blocks), copies, expected }
}

/** Whether a copy had all leaves that the chain asked for, period by period until it must have ended. */
async function expectedOf(network: Network, { id, spans, firstPeriod }: CopyView): Promise<boolean[]> {
  const cells = spans.map(span => span.cells)
  const wholes: boolean[] = []
  let [after, faults] = [(firstPeriod ?? 0) - 1, 0]
  while (faults < MAX_FAULTS) {
    const [settled] = await settlements(network, id, 1, after)
    assert.ok(settled)
    after = settled.period
    const facts = await (await network.client.snapshot()).periodAt(after)
    assert.ok(facts)
    const leaves = periodLeaves(blake2b256, facts.seed, id, cells, facts.samples)
    const isWhole = leaves.every(({ index }) => isKept(index))
    faults = faultsAfter(faults, isWhole)
    wholes.push(isWhole)
  }
  return wholes
}

function copyOf({ copies }: Scene, name: string): CopyView {
  const copy = copies.get(name)
  assert.ok(copy)
  return copy
}

function assertDropper(t: TestContext, scene: Scene, name: string): void {
  const { network, expected } = scene
  const { id } = copyOf(scene, name)
  const settled = network.events.filter(is('Settled', event => event.copy === id))
  const proved = settled.map(event => event.proved)
  assert.deepEqual(proved, expected.get(id))
  assert.equal(reasonOf(network, id), 'Faults')
  const paid = network.events.filter(is('Paid', event => event.copy === id && event.role === 'pinner'))
  assert.deepEqual(
    paid.map(({ period }) => period),
    settled.filter(({ proved }) => proved).map(({ period }) => period)
  )
  t.diagnostic(`${name}: failed after ${settled.length} periods, of which ${paid.length} were proved`)
}

function reasonOf(network: Network, id: CopyId): string | undefined {
  return network.events.find(is('CopyEnded', event => event.copy === id))?.reason
}

function forgerOf({ network }: Scene, name: string): ForgingPinner {
  const node = network.of('pinner').find(provider => provider.name === name)?.node
  assert.ok(node instanceof ForgingPinner)
  return node
}

function assertForger(scene: Scene, name: string): void {
  const { network } = scene
  const node = forgerOf(scene, name)
  const { id, pinner } = copyOf(scene, name)
  const ways = new Set(node.attempts.map(({ how }) => how))
  assert.equal(ways.size, 2)
  for (const attempt of node.attempts) assert.equal(attempt.refusal, 'BadProof', attempt.how)
  assert.deepEqual(network.events.filter(is('Proved', event => event.copy === id)), [])
  assert.deepEqual(network.events.filter(is('Paid', event => event.who === pinner)), [])
  assert.equal(reasonOf(network, id), 'Faults')
  const settled = network.events.filter(is('Settled', event => event.copy === id))
  assert.deepEqual(
    settled.map(({ proved }) => proved),
    [false, false]
  )
}

/** The leaves of a period of the only span of a copy, checked as the chain does. */
function verifies(
  scene: Scene,
  copy: CopyView,
  { indexes, proof }: Answer,
  root: Uint8Array | null
): boolean {
  const [span] = copy.spans
  assert.ok(span && root)
  const { tag } = spanSecrets(scene.network.client.constants.genesis, copy, span)
  return verifySpanProof({ tag, cells: span.cells, root }, indexes, proof)
}

/** A chain that took any tree of cells which decode to the core would take these. */
async function assertOwnCells(scene: Scene): Promise<void> {
  const node = forgerOf(scene, REENCODER)
  assert.ok(node instanceof ReencodingPinner)
  const copy = copyOf(scene, REENCODER)
  const [span] = copy.spans
  const attempt = node.attempts.find(({ how }) => how === 'own cells in a tree of their own')
  assert.ok(span && attempt)
  const [answer] = attempt.answers
  assert.ok(answer)
  const { key, tree } = await node.cells(copy, span)
  assert.ok(verifies(scene, copy, answer, tree.root()))
  assert.ok(!verifies(scene, copy, answer, span.root))
  const { salt } = spanSecrets(scene.network.client.constants.genesis, copy, span)
  const decoder = new CellDecoder({ ...key, salt, byteLength: span.byteLength })
  for (const [i, index] of answer.indexes.entries()) {
    const firstCell = index * CELLS_PER_LEAF
    const plain = decoder.decode(firstCell, answer.proof.leaves[i]?.data ?? new Uint8Array(0))
    const at = firstCell * SLICE_BYTES
    assert.deepEqual(plain, scene.plain.subarray(at, at + plain.length))
  }
}

/** A chain whose copies were all the same would take these. */
function assertCopiedCells(scene: Scene): void {
  const attempt = forgerOf(scene, COPIER).attempts.find(({ how }) => how === 'proof of another copy')
  assert.ok(attempt)
  const [answer] = attempt.answers
  assert.ok(answer)
  const isOf = (other: CopyView) => verifies(scene, other, answer, other.spans[0]?.root ?? null)
  const sources = [...scene.copies].filter(([, other]) => isOf(other)).map(([name]) => name)
  assert.equal(sources.length, 1)
  assert.notEqual(sources[0], COPIER)
}

test('savers - pinners that save space', { timeout: 300_000 }, async t => {
  const scene = await play(t)
  await t.test('those that drop a tenth of the cells are failed as the draws say', t => {
    for (const name of DROPPERS) assertDropper(t, scene, name)
  })
  await t.test('one that encodes again with a key of its own cannot pass a challenge', async () => {
    assertForger(scene, REENCODER)
    await assertOwnCells(scene)
  })
  await t.test('one that answers with the cells of another copy cannot pass a challenge', () => {
    assertForger(scene, COPIER)
    assertCopiedCells(scene)
  })
  await t.test('an honest pinner beside them keeps its copy', () => {
    const { network } = scene
    const { id } = copyOf(scene, HONEST)
    assert.deepEqual(network.events.filter(is('CopyEnded', event => event.copy === id)), [])
    const settled = network.events.filter(is('Settled', event => event.copy === id))
    assert.ok(settled.length > 0)
    assert.ok(settled.every(({ proved, minted }) => proved && minted > 0n))
  })
})
