import assert from 'node:assert/strict'
import { open, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import type { AgreedSeal } from '../../roles/pinner/notes.ts'
import { CopyReceiver, type ReceiverParts } from '../../roles/pinner/receiver.ts'
import { type Computed, type CopySender, SpanEncoding } from '../../roles/signer/encoding.ts'
import { spanSecrets } from '../../roles/span.ts'
import { verifySignature } from '../../src/chain-client/keys.ts'
import { CellDecoder, readBytes } from '../../src/codec/decode.ts'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'
import { CELL_BYTES, cellsOf } from '../../src/domain/leaves.ts'
import { Copies } from '../../src/store/copies.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { genesis, SIZES, type World, world } from '../helpers/encoded-span.ts'

interface Kept {
  seal: AgreedSeal | null
  checkpoints: number
  computed: Computed | null
}

function receiverParts(w: World, kept: Kept): ReceiverParts {
  return {
    genesis,
    pool: w.pool,
    sign: message => w.pinner.keys.sign(message),
    verify: verifySignature,
    saveCheckpoint: async () => {
      kept.checkpoints += 1
    },
    saveSeal: async seal => {
      kept.seal = seal
    },
    onCells: () => undefined
  }
}

function encoding(w: World, kept: Kept, computed: Computed | null = null): Promise<SpanEncoding> {
  const parts = {
    genesis,
    pool: w.pool,
    sign: (message: Uint8Array) => w.signer.keys.sign(message),
    save: async (note: Computed) => {
      kept.computed = note
    },
    onCells: () => undefined
  }
  return SpanEncoding.open(parts, w.copy, w.span, w.key, computed)
}

/** A channel without a wire; `breakAt` cuts it before the batch that holds this cell. */
function link(receiver: CopyReceiver, change: { breakAt?: number; spoil?: number } = {}): CopySender {
  return {
    held: receiver.held,
    sendCells: async (first, cells) => {
      const end = first + cells.length / CELL_BYTES
      if (change.breakAt !== undefined && end > change.breakAt) throw new DatdotError('WIRE_CLOSED')
      const bytes = Uint8Array.from(cells)
      const at = change.spoil === undefined ? -1 : (change.spoil - first) * CELL_BYTES + 200
      if (at >= 0 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ 1
      await receiver.cells(first, bytes)
    },
    checkpoint: checkpoint => receiver.checkpoint(checkpoint),
    seal: seal => receiver.seal(seal),
    close: () => undefined
  }
}

async function store(t: TestContext, w: World) {
  const folder = await StorageFolder.open(join(w.folder, 'pinner'))
  const copies = await Copies.open(folder)
  const close = async () => {
    await copies.close()
    await folder.close()
  }
  t.after(close)
  const file = await copies.create(w.span.id, { cells: cellsOf(w.span.byteLength), blocks: SIZES.length - 1 })
  return { file, close }
}

const none = () => ({ seal: null, checkpoints: 0, computed: null }) as Kept
const signal = new AbortController().signal

test('transfer - what the pinner keeps decodes to the plain blocks and both agree on the root', async t => {
  const w = await world(t)
  const kept = none()
  const { file } = await store(t, w)
  const receiver = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, file, signal)
  await (await encoding(w, kept)).run(w.core, link(receiver), signal)
  assert.equal(kept.seal?.cells, cellsOf(w.plain.length))
  const { salt } = spanSecrets(genesis, w.copy, w.span)
  const decoder = new CellDecoder({ N: w.key.N, e: w.key.e, salt, byteLength: w.plain.length })
  const read = await readBytes(decoder, 0, w.plain.length, (first, count) => file.read(first, count))
  assert.ok(w.plain.equals(read))
})

test('transfer - goes on after a break without sending a cell twice', async t => {
  const w = await world(t)
  const kept = none()
  const { file } = await store(t, w)
  const receiver = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, file, signal)
  const first = await encoding(w, kept)
  await assert.rejects(first.run(w.core, link(receiver, { breakAt: 600 }), signal), { code: 'WIRE_CLOSED' })
  const held = receiver.held
  assert.ok(held > 0 && held <= 600)
  await first.run(w.core, link(receiver), signal)
  assert.notEqual(kept.seal, null)
})

test('transfer - a signer that was restarted seals the same root', async t => {
  const w = await world(t)
  const kept = none()
  const { file } = await store(t, w)
  const receiver = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, file, signal)
  await assert.rejects((await encoding(w, kept)).run(w.core, link(receiver, { breakAt: 900 }), signal))
  await (await encoding(w, kept, kept.computed)).run(w.core, link(receiver), signal)
  const whole = none()
  const again = await encoding(w, whole)
  let root: Uint8Array | null = null
  const listener: CopySender = {
    held: 0,
    sendCells: async () => undefined,
    checkpoint: async () => new Uint8Array(64),
    seal: async seal => {
      root = seal.root
    },
    close: () => undefined
  }
  await again.run(w.core, listener, signal)
  assert.deepEqual(kept.seal?.root, root)
})

test('transfer - a pinner that was torn off in a write keeps whole good cells and asks for the rest', async t => {
  const w = await world(t)
  const kept = none()
  const first = await store(t, w)
  const before = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, first.file, signal)
  await assert.rejects((await encoding(w, kept)).run(w.core, link(before, { breakAt: 800 }), signal))
  const { path } = first.file
  await first.close()
  await truncate(path, 700 * CELL_BYTES + 13)
  const second = await store(t, w)
  const after = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, second.file, signal)
  assert.equal(after.held, 700)
  await (await encoding(w, kept)).run(w.core, link(after), signal)
  assert.equal(kept.seal?.cells, cellsOf(w.plain.length))
})

test('transfer - a pinner that finds a changed cell after a restart drops it and all behind it', async t => {
  const w = await world(t)
  const kept = none()
  const first = await store(t, w)
  const before = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, first.file, signal)
  await assert.rejects((await encoding(w, kept)).run(w.core, link(before, { breakAt: 800 }), signal))
  const { path } = first.file
  await first.close()
  const handle = await open(path, 'r+')
  await handle.write(new Uint8Array([1, 2, 3]), 0, 3, 400 * CELL_BYTES + 99)
  await handle.close()
  const second = await store(t, w)
  const after = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, second.file, signal)
  assert.ok(after.held <= 400)
  assert.equal(after.held % 4, 0)
  await (await encoding(w, kept)).run(w.core, link(after), signal)
  assert.notEqual(kept.seal, null)
})

test('transfer - goes on after a write that failed', async t => {
  const w = await world(t)
  const kept = none()
  const { file } = await store(t, w)
  let failures = 1
  const failing = new Proxy(file, {
    get: (target, name) => {
      if (name === 'append' && target.count >= 512 && failures-- > 0)
        return () => Promise.reject(new DatdotError('DISK_FULL'))
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
  const receiver = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, failing, signal)
  await assert.rejects((await encoding(w, kept)).run(w.core, link(receiver), signal), { code: 'DISK_FULL' })
  assert.equal(receiver.held, 512)
  await (await encoding(w, kept)).run(w.core, link(receiver), signal)
  assert.equal(kept.seal?.cells, cellsOf(w.plain.length))
})

test('transfer - a cell that is not the plain block is refused and not kept', async t => {
  const w = await world(t)
  const kept = none()
  const { file } = await store(t, w)
  const receiver = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, file, signal)
  const run = (await encoding(w, kept)).run(w.core, link(receiver, { spoil: 300 }), signal)
  await assert.rejects(run, error => isDatdotError(error, 'CELL_INVALID'))
  assert.equal(receiver.held, file.count)
  assert.ok(receiver.held <= 300)
  assert.equal(kept.seal, null)
})

test('transfer - a seal of another root or with another signature is refused', async t => {
  const w = await world(t)
  const kept = none()
  const { file } = await store(t, w)
  const receiver = await CopyReceiver.open(receiverParts(w, kept), w.copy, w.span, w.core, file, signal)
  const seals: AgreedSeal[] = []
  const holding: CopySender = {
    ...link(receiver),
    seal: async seal => {
      seals.push(seal)
    }
  }
  await (await encoding(w, kept)).run(w.core, holding, signal)
  const [given] = seals
  assert.ok(given)
  const bad = [
    { ...given, root: new Uint8Array(32) },
    { ...given, signature: w.pinner.keys.sign(new Uint8Array(3)) },
    { ...given, cells: given.cells - 1 }
  ]
  for (const one of bad) await assert.rejects(receiver.seal(one), { code: 'WIRE_BAD_MESSAGE' })
  assert.equal(kept.seal, null)
  await receiver.seal(given)
  assert.deepEqual(kept.seal, given)
})
