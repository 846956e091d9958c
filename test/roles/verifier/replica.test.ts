import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { Holdings } from '../../../roles/pinner/holdings.ts'
import { KEEP_DEPTH } from '../../../roles/pinner/receiver.ts'
import { type CoreHandle, spanSecrets } from '../../../roles/span.ts'
import type { CheckSession } from '../../../roles/verifier/replica.ts'
import { PinnerFault } from '../../../roles/verifier/session.ts'
import { verifyLeaf, verifyPeaks } from '../../../src/codec/proof.ts'
import { SpanTree } from '../../../src/codec/tree.ts'
import { fromHex } from '../../../src/domain/bytes.ts'
import { DatdotError } from '../../../src/domain/errors.ts'
import { receiptMessage } from '../../../src/domain/messages.ts'
import type { SpanProof } from '../../../src/domain/proofs.ts'
import type { CopyView } from '../../../src/domain/view.ts'
import { Copies } from '../../../src/store/copies.ts'
import { StorageFolder } from '../../../src/store/folder.ts'
import { checkReplica } from '../../helpers/check-replica.ts'
import { encodeAll, genesis, SIZES, type World, world } from '../../helpers/encoded-span.ts'
import { ME } from '../../helpers/views.ts'

/** A pinner that holds the cells of `plain`, which the chain has the root of. */
async function pinnerOf(t: TestContext, w: World, plain: Uint8Array) {
  const { cells, tree } = await encodeAll(w, plain)
  const folder = await StorageFolder.open(join(w.folder, 'pinner'))
  const files = await Copies.open(folder)
  t.after(async () => {
    await files.close()
    await folder.close()
  })
  const file = await files.create(w.span.id, { cells: tree.cells, blocks: SIZES.length - 1 })
  const { tag } = spanSecrets(genesis, w.copy, w.span)
  const stored = new SpanTree({ tag, store: file.tree, keepDepth: KEEP_DEPTH })
  for (const batch of cells) {
    await file.append(batch)
    await stored.write(batch)
  }
  const span = { ...w.span, state: 'Sealed' as const, cells: tree.cells, root: tree.root() }
  const copy: CopyView = { ...w.copy, state: 'Active', pinnerNoiseKey: w.pinner.noiseKey, spans: [span] }
  const cores = {
    open: async () => w.core,
    setDecoder: async () => undefined,
    onCorrupt: () => () => undefined
  }
  const holdings = new Holdings({ genesis: () => genesis, cores, files, pool: w.pool })
  await holdings.serve(copy, span)
  const session: CheckSession = {
    leaves: (id, indexes) => holdings.proof(id, indexes),
    receipt: async (copyId, period, account) =>
      w.pinner.signNoise(receiptMessage({ genesis, copyId, period, account: fromHex(account) })),
    close: () => undefined
  }
  return { copy, span, session }
}

function checkOf(copy: CopyView, accused: { span: number; index: number }[] = []) {
  return { genesis, copy, period: 3, seed: randomBytes(32), account: ME, secret: randomBytes(32), accused }
}

const { signal } = new AbortController()
const limits = { signal, limit: signal, retryMs: 0 }

test('replica check - an honest copy is served, with a leaf and receipt that the chain can check', async t => {
  const w = await world(t)
  const { copy, span, session } = await pinnerOf(t, w, w.plain)
  const { outcome, evidence } = await checkReplica(checkOf(copy), session, w.core, limits)
  assert.equal(outcome, 'Served')
  assert.ok(evidence.kind === 'Served')
  const { tag } = spanSecrets(genesis, copy, span)
  assert.ok(verifyPeaks({ tag, cells: span.cells, root: span.root }, evidence.peaks))
  assert.equal(evidence.receipt.length, 64)
})

test('replica check - a root over other data is found out, with a leaf that proves it', async t => {
  const w = await world(t)
  const { copy, span, session } = await pinnerOf(t, w, randomBytes(w.plain.length))
  const { outcome, evidence } = await checkReplica(checkOf(copy), session, w.core, limits)
  assert.equal(outcome, 'WrongReplica')
  assert.ok(evidence.kind === 'WrongReplica')
  const { tag } = spanSecrets(genesis, copy, span)
  const commitment = { tag, cells: span.cells, root: span.root }
  assert.ok(verifyLeaf(commitment, evidence.peaks, Number(evidence.index), evidence.leaf))
})

test('replica check - checks the leaf that another verifier says is wrong', async t => {
  const w = await world(t)
  const spoilt = Buffer.from(w.plain)
  spoilt.writeUInt8(spoilt.readUInt8(50_000) ^ 1, 50_000)
  const { copy, session } = await pinnerOf(t, w, spoilt)
  const accused = { span: 0, index: Math.floor(50_000 / 1020) }
  const { evidence } = await checkReplica(checkOf(copy, [accused]), session, w.core, limits)
  assert.ok(evidence.kind === 'WrongReplica')
  assert.equal(evidence.index, BigInt(accused.index))
})

test('replica check - leaves with a wrong path are wrong data', async t => {
  const w = await world(t)
  const { copy, session } = await pinnerOf(t, w, w.plain)
  const altered: CheckSession = {
    ...session,
    leaves: async (id, indexes): Promise<SpanProof> => {
      const { peaks, leaves } = await session.leaves(id, indexes)
      return { peaks, leaves: leaves.map(leaf => ({ ...leaf, path: leaf.path.map(() => randomBytes(32)) })) }
    }
  }
  assert.equal((await checkReplica(checkOf(copy), altered, w.core, limits)).outcome, 'WrongData')
})

test('replica check - a receipt by another key is wrong data', async t => {
  const w = await world(t)
  const { copy, session } = await pinnerOf(t, w, w.plain)
  const forged: CheckSession = { ...session, receipt: async () => w.signer.signNoise(new Uint8Array(3)) }
  assert.equal((await checkReplica(checkOf(copy), forged, w.core, limits)).outcome, 'WrongData')
})

test('replica check - a pinner that is behind the chain is asked again for leaves and receipt', async t => {
  const w = await world(t)
  const { copy, session } = await pinnerOf(t, w, w.plain)
  const refusals = { leaves: 2, receipt: 3 }
  const behind: CheckSession = {
    ...session,
    leaves: async (id, indexes) => {
      if (refusals.leaves-- > 0) throw new DatdotError('NOT_FOUND')
      return session.leaves(id, indexes)
    },
    receipt: async (...query) => {
      if (refusals.receipt-- > 0) throw new DatdotError('WIRE_REFUSED')
      return session.receipt(...query)
    }
  }
  assert.equal((await checkReplica(checkOf(copy), behind, w.core, limits)).outcome, 'Served')
})

test('replica check - trouble in reading the core here is no fault of the pinner', async t => {
  const w = await world(t)
  const { copy, session } = await pinnerOf(t, w, w.plain)
  const seek = async () => Promise.reject(new DatdotError('DISK_FULL'))
  const broken = { ...w.core, seek } as unknown as CoreHandle
  await assert.rejects(checkReplica(checkOf(copy), session, broken, limits), { code: 'DISK_FULL' })
})

test('replica check - a tree that its author has changed meanwhile is no evidence against the pinner', async t => {
  const w = await world(t)
  const { copy, session } = await pinnerOf(t, w, w.plain)
  await w.core.session.truncate(1)
  await w.core.append(SIZES.slice(1).map(size => randomBytes(size)))
  await assert.rejects(checkReplica(checkOf(copy), session, w.core, limits), { code: 'CORE_FORKED' })
})

test('replica check - the time that reading the core takes is not taken from the pinner', async t => {
  const w = await world(t)
  const { copy, session } = await pinnerOf(t, w, w.plain)
  const limit = new AbortController()
  const doors: Pick<CoreHandle, 'download' | 'seek' | 'get' | 'isTree'> = {
    download: (start, end, options) => {
      limit.abort()
      return w.core.download(start, end, options)
    },
    seek: (byte, options) => w.core.seek(byte, options),
    get: (index, options) => w.core.get(index, options),
    isTree: tree => w.core.isTree(tree)
  }
  const slow = doors as CoreHandle
  const step = { ...limits, limit: limit.signal }
  assert.equal((await checkReplica(checkOf(copy), session, slow, step)).outcome, 'Served')
  assert.ok(limit.signal.aborted)
})

test('replica check - what comes of the core is progress of the reading', async t => {
  const w = await world(t)
  const { copy, session } = await pinnerOf(t, w, w.plain)
  let ticks = 0
  const tick = () => {
    ticks += 1
  }
  assert.equal((await checkReplica(checkOf(copy), session, w.core, limits, tick)).outcome, 'Served')
  assert.ok(ticks > 0)
})

test('replica check - a receipt that is not given hides no wrong leaf', async t => {
  const w = await world(t)
  const silent = (session: CheckSession): CheckSession => ({
    ...session,
    receipt: () => Promise.reject(new DatdotError('WIRE_CLOSED'))
  })
  const wrong = await pinnerOf(t, w, randomBytes(w.plain.length))
  assert.equal(
    (await checkReplica(checkOf(wrong.copy), silent(wrong.session), w.core, limits)).outcome,
    'WrongReplica'
  )
})

test('replica check - a receipt that is not given is the fault of the pinner', async t => {
  const w = await world(t)
  const { copy, session } = await pinnerOf(t, w, w.plain)
  const silent = { ...session, receipt: () => Promise.reject(new DatdotError('WIRE_CLOSED')) }
  await assert.rejects(
    checkReplica(checkOf(copy), silent, w.core, limits),
    error => error instanceof PinnerFault
  )
})
