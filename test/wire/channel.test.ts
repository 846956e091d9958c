import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import c from 'compact-encoding'
import Protomux from 'protomux'
import { u64 } from '../../src/domain/bytes.ts'
import type { PeerConnection } from '../../src/hyper/node.ts'
import { COPY } from '../../src/wire/messages.ts'
import { copyScene, Deferred } from './helpers.ts'

const SPAN = 7n

/** What a peer with a protocol of its own may send as its first messages, and the code that it gets. */
const RUDE: Record<string, { messages: [number, Buffer][]; code: number; refusal: string }> = {
  'cells before open': { messages: [[1, cellsMessage(0, 1)]], code: 2, refusal: 'OutOfOrder' },
  'two opens': {
    messages: [
      [0, openMessage()],
      [0, openMessage()]
    ],
    code: 2,
    refusal: 'OutOfOrder'
  },
  'a gap in the cells': {
    messages: [
      [0, openMessage()],
      [1, cellsMessage(5, 1)]
    ],
    code: 2,
    refusal: 'OutOfOrder'
  },
  'an ack to a pinner': {
    messages: [
      [0, openMessage()],
      [2, u64Buffer(0n)]
    ],
    code: 2,
    refusal: 'OutOfOrder'
  },
  'random bytes': { messages: [[0, Buffer.from('rude')]], code: 1, refusal: 'Malformed' },
  'an oversized message': { messages: [[0, Buffer.alloc(1_000_000)]], code: 3, refusal: 'TooLarge' },
  'an unknown kind': {
    messages: [
      [0, openMessage()],
      [9, Buffer.from('?')]
    ],
    code: 4,
    refusal: 'Unknown'
  },
  'the last kind that is heard': { messages: [[63, Buffer.from('?')]], code: 4, refusal: 'Unknown' },
  'more than a window': {
    messages: [
      [0, openMessage()],
      ...Array.from({ length: 65 }, (_, i): [number, Buffer] => [1, cellsMessage(i * 256, 256)])
    ],
    code: 7,
    refusal: 'WindowExceeded'
  }
}

function u64Buffer(value: bigint): Buffer {
  return Buffer.from(u64(value))
}

function openMessage(): Buffer {
  return c.encode(COPY.messages.open.encoding, { span: SPAN, cells: 0 })
}

function cellsMessage(first: number, count: number): Buffer {
  return c.encode(COPY.messages.cells.encoding, { first, cells: new Uint8Array(256 * count) })
}

for (const [name, { messages, code, refusal }] of Object.entries(RUDE)) {
  test(`channel - ${name}: it closes with code ${code}, the peer is scored, replication goes on`, async t => {
    const { receivers, keeper, signer, pinner, dial } = await copyScene(t)
    const stop = new AbortController()
    const gate = new Deferred()
    keeper.gate = gate.promise
    const received = receivers.receive(SPAN, signer.noiseKey, keeper, stop.signal)
    const connection = await dial()
    const violation = once(receivers, 'violation')
    const codes = await rudely(connection, messages)
    assert.deepEqual(codes, [code])
    const [event] = await violation
    assert.equal(event.refusal, refusal)
    assert.equal(event.peer, signer.noiseKey)
    gate.resolve()

    const core = await pinner.createCore('still alive')
    await core.append([Buffer.from('block')])
    const copy = await signer.openCore(core.key)
    assert.equal(Buffer.from(await copy.get(0)).toString(), 'block')
    assert.deepEqual(signer.connections, [connection])
    stop.abort()
    await assert.rejects(received, { code: 'ABORTED' })
  })
}

/** Opens the channel without our code, waits for the pinner's open where ours is in order, and gives the refusals. */
async function rudely(connection: PeerConnection, messages: [number, Buffer][]): Promise<number[]> {
  const closed = new Deferred()
  const opened = new Deferred()
  const codes: number[] = []
  const channel = Protomux.from(connection.stream).createChannel({
    protocol: COPY.name,
    id: u64(SPAN),
    onclose: () => closed.resolve()
  })
  assert.ok(channel)
  const kinds = Array.from({ length: 64 }, (_, kind) =>
    channel.addMessage({
      encoding: c.raw,
      onmessage(bytes) {
        if (kind === COPY.messages.open.number) opened.resolve()
        if (kind === COPY.messages.refuse.number) codes.push(Buffer.from(bytes).readUInt16LE())
      }
    })
  )
  channel.open()
  for (const [index, [kind, bytes]] of messages.entries()) {
    if (index === 1 && kind !== 0) await opened.promise
    kinds[kind]?.send(bytes)
  }
  await closed.promise
  return codes
}
