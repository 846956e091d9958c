import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import c from 'compact-encoding'
import Protomux from 'protomux'
import { u64 } from '../../src/domain/bytes.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import { CopyReceivers } from '../../src/wire/copy-receiver.ts'
import { CopySender } from '../../src/wire/copy-sender.ts'
import { COPY, MAX_CELLS, WINDOW_CELLS } from '../../src/wire/messages.ts'
import { bytesOf } from '../hyper/helpers.ts'
import { copyScene, Deferred, Keeper, openAgain, wired } from './helpers.ts'

const SPAN = 7n
const ROOT = new Uint8Array(32).fill(1)
const SIGNATURE = new Uint8Array(64).fill(2)

function cellsOf(count: number): Buffer {
  const cells = bytesOf('cells', count * 256)
  for (let at = 0; at < cells.length; at += 256) cells[at] = 0
  return cells
}

/** Goes on where the sender stands: at what the pinner held, or after what was sent. */
async function sendAll(sender: CopySender, cells: Buffer, until = cells.length / 256): Promise<void> {
  for (let first = sender.sent; first < until; first += MAX_CELLS) {
    await sender.sendCells(first, cells.subarray(first * 256, Math.min(first + MAX_CELLS, until) * 256))
  }
}

test('copy - a span of several windows with checkpoints arrives whole and is sealed', async t => {
  const { receivers, keeper, signer, dial } = await copyScene(t)
  const cells = cellsOf(2 * WINDOW_CELLS + 77)
  const received = receivers.receive(SPAN, signer.noiseKey, keeper)
  const sender = await CopySender.open(await dial(), { span: SPAN })
  assert.equal(sender.held, 0)
  await sendAll(sender, cells, 2 * WINDOW_CELLS)
  const answer = await sender.checkpoint({ leaves: WINDOW_CELLS / 2, root: ROOT, signature: SIGNATURE })
  assert.deepEqual(Buffer.from(answer), Buffer.alloc(64, 3))
  assert.deepEqual(keeper.checkpoints, [WINDOW_CELLS / 2])
  await sender.sendCells(2 * WINDOW_CELLS, cells.subarray(2 * WINDOW_CELLS * 256))
  await sender.seal({ cells: cells.length / 256, root: ROOT, signature: SIGNATURE })
  await received
  assert.deepEqual(keeper.sealed, { cells: cells.length / 256 })
  assert.ok(Buffer.concat(keeper.kept).equals(cells))
  sender.close()
  sender.close()
})

test('copy - the ack waits for the handler: never more than the window is on the way', async t => {
  const { receivers, keeper, signer, dial } = await copyScene(t)
  const cells = cellsOf(3 * WINDOW_CELLS)
  const gate = new Deferred()
  keeper.gate = gate.promise
  const received = receivers.receive(SPAN, signer.noiseKey, keeper)
  const sender = await CopySender.open(await dial(), { span: SPAN })
  let sent = 0
  const sending = (async () => {
    for (let first = 0; first < 3 * WINDOW_CELLS; first += MAX_CELLS) {
      await sender.sendCells(first, cells.subarray(first * 256, (first + MAX_CELLS) * 256))
      sent = first + MAX_CELLS
      assert.ok(sent - sender.acked <= WINDOW_CELLS)
    }
  })()
  const begun = new Deferred()
  keeper.onCells = () => begun.resolve()
  await begun.promise
  assert.equal(sender.acked, 0)
  assert.equal(keeper.taken, MAX_CELLS)
  gate.resolve()
  await sending
  await sender.seal({ cells: 3 * WINDOW_CELLS, root: ROOT, signature: SIGNATURE })
  await received
  assert.equal(keeper.held, 3 * WINDOW_CELLS)
})

/** After how many kept cells the connection is cut, and whether a checkpoint stands before. */
const CUTS: Record<string, { after: number; checkpoint?: boolean }> = {
  'before the first ack': { after: 0 },
  'in the first window': { after: 5_000 },
  'after a checkpoint': { after: 12_000, checkpoint: true },
  'before the seal': { after: 2 * WINDOW_CELLS }
}

for (const [moment, { after, checkpoint }] of Object.entries(CUTS)) {
  test(`copy - a connection cut ${moment} costs no more than a window`, async t => {
    const { receivers, keeper, signer, dial } = await copyScene(t)
    const total = 2 * WINDOW_CELLS
    const cells = cellsOf(total)
    const received = receivers.receive(SPAN, signer.noiseKey, keeper)
    const connection = await dial()
    const reached = new Deferred()
    keeper.onCells = () => {
      if (keeper.held >= after) reached.resolve()
    }
    keeper.onKept = keeper.onCells
    const first = await CopySender.open(connection, { span: SPAN })
    const sending = (async () => {
      if (checkpoint) {
        await sendAll(first, cells, 8_192)
        await first.checkpoint({ leaves: 2_048, root: ROOT, signature: SIGNATURE })
      }
      await sendAll(first, cells)
    })()
    const failing = sending.catch((error: unknown) => error)
    await reached.promise
    const gone = once(connection.stream, 'close')
    connection.stream.destroy()
    await gone
    await failing
    await assert.rejects(first.seal({ cells: total, root: ROOT, signature: SIGNATURE }), {
      code: 'WIRE_CLOSED'
    })

    const second = await CopySender.open(await dial(), { span: SPAN })
    assert.ok(second.held >= after && second.held >= first.acked)
    await sendAll(second, cells)
    await second.seal({ cells: total, root: ROOT, signature: SIGNATURE })
    await received
    assert.ok(Buffer.concat(keeper.kept).equals(cells))
    assert.ok(keeper.taken <= total + WINDOW_CELLS, `${keeper.taken} cells were taken`)
    assert.equal(keeper.checkpoints.length, checkpoint ? 1 : 0)
  })
}

test('copy - another peer than the signer is refused and scored, an unexpected span just refused', async t => {
  const { receivers, keeper, dial, signer } = await copyScene(t)
  const stop = new AbortController()
  const received = receivers.receive(SPAN, 'ab'.repeat(32), keeper, stop.signal)
  const connection = await dial()
  const violation = once(receivers, 'violation')
  await assert.rejects(CopySender.open(connection, { span: SPAN }), { code: 'PEER_WRONG' })
  const [event] = await violation
  assert.equal(event.peer, signer.noiseKey)
  assert.equal(event.refusal, 'WrongPeer')
  await assert.rejects(CopySender.open(connection, { span: 8n }), {
    code: 'WIRE_REFUSED',
    details: { refusal: 'NotExpected', code: 6 }
  })
  stop.abort()
  await assert.rejects(received, { code: 'ABORTED' })
})

test('copy - a cell that does not decode ends the channel with its code, and the span may be sent again', async t => {
  const { receivers, keeper, signer, dial } = await copyScene(t)
  const received = receivers.receive(SPAN, signer.noiseKey, keeper)
  const connection = await dial()
  const sender = await CopySender.open(connection, { span: SPAN })
  const violation = once(receivers, 'violation')
  await sender.sendCells(0, new Uint8Array(256).fill(0xee))
  await assert.rejects(sender.seal({ cells: 1, root: ROOT, signature: SIGNATURE }), { code: 'CELL_INVALID' })
  const [event] = await violation
  assert.equal(event.refusal, 'CellInvalid')
  const again = await CopySender.open(connection, { span: SPAN })
  await again.sendCells(0, cellsOf(3))
  await again.seal({ cells: 3, root: ROOT, signature: SIGNATURE })
  await received
})

test('copy - a handler that fails by itself ends the transfer with its own error', async t => {
  const { receivers, keeper, signer, dial } = await copyScene(t)
  keeper.gate = Promise.reject(new DatdotError('DISK_FULL'))
  keeper.gate.catch(() => {})
  const received = receivers.receive(SPAN, signer.noiseKey, keeper)
  const failed = assert.rejects(received, { code: 'DISK_FULL' })
  const sender = await CopySender.open(await dial(), { span: SPAN })
  await sender.sendCells(0, cellsOf(1))
  await assert.rejects(sender.seal({ cells: 1, root: ROOT, signature: SIGNATURE }), {
    code: 'WIRE_REFUSED',
    details: { refusal: 'Failed', code: 14 }
  })
  await failed
})

test('copy - an aborted receive waits for the cells in hand and tells the signer', async t => {
  const { receivers, keeper, signer, dial } = await copyScene(t)
  const gate = new Deferred()
  const begun = new Deferred()
  keeper.gate = gate.promise
  keeper.onCells = () => begun.resolve()
  const stop = new AbortController()
  const received = receivers.receive(SPAN, signer.noiseKey, keeper, stop.signal)
  const sender = await CopySender.open(await dial(), { span: SPAN })
  await sender.sendCells(0, cellsOf(10))
  await begun.promise
  stop.abort()
  gate.resolve()
  await assert.rejects(received, { code: 'ABORTED' })
  assert.equal(keeper.held, 10)
  await assert.rejects(sender.seal({ cells: 10, root: ROOT, signature: SIGNATURE }), { code: 'WIRE_CLOSED' })
})

test('copy - an abort ends the wait for a signer that does not read the answer to its seal', async t => {
  const [pinner, signer] = wired(['aa'.repeat(32), 'bb'.repeat(32)])
  const receivers = new CopyReceivers()
  t.after(() => receivers.close())
  receivers.attach(pinner)
  const keeper = new Keeper()
  const stop = new AbortController()
  const received = receivers.receive(SPAN, pinner.remoteKey, keeper, stop.signal)
  const sender = await CopySender.open(signer, { span: SPAN })
  signer.stream.pause()
  const other = Protomux.from(pinner.stream).createChannel({ protocol: 'other' })
  const message = other?.addMessage({ encoding: c.raw, onmessage() {} })
  other?.open()
  for (let i = 0; i < 100; i++) message?.send(new Uint8Array(1))
  const sealed = new Deferred()
  keeper.onSealed = sealed.resolve
  const sealing = sender.seal({ cells: 0, root: ROOT, signature: SIGNATURE })
  await sealed.promise
  // What follows the seal here has been done then: the answer waits to be sent.
  await new Promise(setImmediate)
  stop.abort()
  await received
  signer.stream.resume()
  await sealing
})

test('copy - a channel that is opened again after its seal is rejected, and everything else stays', async t => {
  const { receivers, keeper, signer, dial } = await copyScene(t)
  const received = receivers.receive(SPAN, signer.noiseKey, keeper)
  const connection = await dial()
  const sender = await CopySender.open(connection, { span: SPAN })
  await sender.seal({ cells: 0, root: ROOT, signature: SIGNATURE })
  await received
  await openAgain(connection, { protocol: COPY.name, id: u64(SPAN) })
  const other = receivers.receive(8n, signer.noiseKey, keeper)
  const next = await CopySender.open(connection, { span: 8n })
  await next.seal({ cells: 0, root: ROOT, signature: SIGNATURE })
  await other
  assert.ok(Protomux.from(connection.stream).opened({ protocol: COPY.name, id: u64(SPAN) }))
  assert.deepEqual(signer.connections, [connection])
})

test('copy - an abort while opening ends the wait', async t => {
  const { receivers, keeper, signer, dial } = await copyScene(t)
  const opening = new AbortController()
  const receiving = new AbortController()
  Object.defineProperty(keeper, 'held', {
    get: () => {
      opening.abort()
      return 0
    }
  })
  const received = receivers.receive(SPAN, signer.noiseKey, keeper, receiving.signal)
  const connection = await dial()
  await assert.rejects(CopySender.open(connection, { span: SPAN, signal: opening.signal }), {
    code: 'ABORTED'
  })
  receiving.abort()
  await assert.rejects(received, { code: 'ABORTED' })
})

test('copy - a pinner that stays silent is given up', async t => {
  const { receivers, keeper, signer, dial } = await copyScene(t)
  const stop = new AbortController()
  const received = receivers.receive(SPAN, signer.noiseKey, keeper, stop.signal)
  const ended = assert.rejects(received, { code: 'ABORTED' })
  const sender = await CopySender.open(await dial(), { span: SPAN, patienceMs: 1_500 })
  const gate = new Deferred()
  keeper.gate = gate.promise
  const cells = cellsOf(WINDOW_CELLS + MAX_CELLS)
  await assert.rejects(sendAll(sender, cells), { code: 'WIRE_CLOSED', message: /silent for 1500 ms/ })
  gate.resolve()
  stop.abort()
  await ended
})

test('copy - cells before the answer to open are out of order, however long it takes', async t => {
  const { receivers, keeper, signer, dial } = await copyScene(t)
  const [gate, begun] = [new Deferred(), new Deferred()]
  keeper.gate = gate.promise
  keeper.onCells = () => begun.resolve()
  const stop = new AbortController()
  const received = receivers.receive(SPAN, signer.noiseKey, keeper, stop.signal)
  const connection = await dial()
  const first = await CopySender.open(connection, { span: SPAN })
  await first.sendCells(0, cellsOf(1))
  await begun.promise
  first.close()
  const violation = once(receivers, 'violation')
  const channel = Protomux.from(connection.stream).createChannel({ protocol: COPY.name, id: u64(SPAN) })
  assert.ok(channel)
  const kinds = Array.from({ length: 8 }, () => channel.addMessage({ encoding: c.raw, onmessage() {} }))
  channel.open()
  const { open, cells } = COPY.messages
  kinds[open.number]?.send(c.encode(open.encoding, { span: SPAN, cells: 0 }))
  kinds[cells.number]?.send(c.encode(cells.encoding, { first: 0, cells: cellsOf(1) }))
  assert.equal((await violation)[0].refusal, 'OutOfOrder')
  assert.equal(keeper.taken, 1)
  gate.resolve()
  stop.abort()
  await assert.rejects(received, { code: 'ABORTED' })
})
