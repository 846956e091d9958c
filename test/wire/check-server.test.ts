import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import c from 'compact-encoding'
import Protomux from 'protomux'
import { DatdotError } from '../../src/domain/errors.ts'
import type { SpanProof } from '../../src/domain/proofs.ts'
import { CheckClient } from '../../src/wire/check-client.ts'
import { type CheckAnswers, CheckServer } from '../../src/wire/check-server.ts'
import { CHECK } from '../../src/wire/messages.ts'
import { Deferred, openAgain, pair } from './helpers.ts'

const PROOF: SpanProof = {
  peaks: [new Uint8Array(32).fill(1)],
  leaves: [{ data: new Uint8Array(1024).fill(2), path: [new Uint8Array(32).fill(3)] }]
}

const ANSWERS: CheckAnswers = {
  async leaves(span, indexes) {
    if (span === 404n) throw new DatdotError('NOT_FOUND')
    if (span === 500n) throw new DatdotError('CELLS_DAMAGED')
    const leaf = PROOF.leaves[0]
    assert.ok(leaf)
    return {
      peaks: PROOF.peaks,
      leaves: indexes.map(index => ({ ...leaf, data: new Uint8Array(256).fill(index) }))
    }
  },
  async receipt(copy, period, account) {
    if (account !== 'aa'.repeat(32)) throw new DatdotError('WIRE_REFUSED')
    return new Uint8Array(64).fill(Number(copy) + period)
  }
}

async function scene(t: TestContext, answers: CheckAnswers | null = ANSWERS) {
  const clock = { now: 0 }
  const server = new CheckServer({ now: () => clock.now })
  const nodes = await pair(t, connection => server.attach(connection))
  const stop = answers ? server.serve(answers) : () => {}
  t.after(() => server.close())
  return { ...nodes, server, clock, stop, connection: await nodes.dial() }
}

test('check - leaves and receipts come back to whoever asked, also all at once', async t => {
  const { connection } = await scene(t)
  const client = new CheckClient(connection)
  const [a, b, receipt] = await Promise.all([
    client.leaves(1n, [3, 4]),
    client.leaves(1n, [5]),
    client.receipt(2n, 3, 'aa'.repeat(32))
  ])
  assert.deepEqual(
    a.leaves.map(leaf => leaf.data[0]),
    [3, 4]
  )
  assert.deepEqual(
    b.leaves.map(leaf => leaf.data[0]),
    [5]
  )
  assert.deepEqual(Buffer.from(a.peaks[0] ?? ''), Buffer.alloc(32, 1))
  assert.deepEqual(Buffer.from(receipt), Buffer.alloc(64, 5))
  client.close()
  client.close()
})

test('check - a refused request has its own code and the next one is answered', async t => {
  const { connection, server } = await scene(t)
  const client = new CheckClient(connection)
  await assert.rejects(client.leaves(404n, [0]), { code: 'NOT_FOUND' })
  await assert.rejects(client.receipt(1n, 1, 'bb'.repeat(32)), {
    code: 'WIRE_REFUSED',
    details: { refusal: 'NotDrawn', code: 12 }
  })
  const failure = once(server, 'failure')
  await assert.rejects(client.leaves(500n, [0]), {
    code: 'WIRE_REFUSED',
    details: { refusal: 'Failed', code: 14 }
  })
  assert.equal((await failure)[0].error.code, 'CELLS_DAMAGED')
  assert.equal((await client.leaves(1n, [9])).leaves.length, 1)
  await assert.rejects(client.leaves(1n, []), { code: 'BAD_ARGUMENT' })
  await assert.rejects(client.leaves(1n, Array(65).fill(0)), { code: 'BAD_ARGUMENT' })
})

test('check - 64 leaves a second and peer, whichever channel they are asked on', async t => {
  const { connection, clock } = await scene(t)
  const client = new CheckClient(connection)
  await client.leaves(1n, Array(60).fill(0))
  await assert.rejects(client.leaves(1n, Array(5).fill(0)), { code: 'WIRE_RATE_LIMITED' })
  await client.leaves(1n, Array(4).fill(0))
  await assert.rejects(client.leaves(1n, [0]), { code: 'WIRE_RATE_LIMITED' })
  client.close()
  const again = new CheckClient(connection)
  await assert.rejects(again.leaves(1n, [0]), { code: 'WIRE_RATE_LIMITED' })
  clock.now += 500
  await again.leaves(1n, Array(32).fill(0))
  await assert.rejects(again.leaves(1n, [0]), { code: 'WIRE_RATE_LIMITED' })
  clock.now += 1_000
  await again.leaves(1n, Array(64).fill(0))
})

test('check - an aborted request ends at once, its late answer harms nothing', async t => {
  const gate = new Deferred()
  const asked = new Deferred()
  const slow: CheckAnswers = {
    ...ANSWERS,
    async leaves(span, indexes) {
      asked.resolve()
      await gate.promise
      return ANSWERS.leaves(span, indexes)
    }
  }
  const { connection } = await scene(t, slow)
  const client = new CheckClient(connection)
  const stop = new AbortController()
  const first = client.leaves(1n, [1], { signal: stop.signal })
  await asked.promise
  stop.abort()
  await assert.rejects(first, { code: 'ABORTED' })
  gate.resolve()
  assert.equal((await client.leaves(1n, [2])).leaves[0]?.data[0], 2)
})

test('check - a pinner that stops serving ends what waits; one that never served refuses', async t => {
  const gate = new Deferred()
  const asked = new Deferred()
  const slow: CheckAnswers = {
    ...ANSWERS,
    async leaves() {
      asked.resolve()
      await gate.promise
      return PROOF
    }
  }
  const { connection, stop } = await scene(t, slow)
  const client = new CheckClient(connection)
  const waiting = client.leaves(1n, [1])
  await asked.promise
  stop()
  await assert.rejects(waiting, { code: 'WIRE_CLOSED' })
  gate.resolve()
  const late = new CheckClient(connection)
  await assert.rejects(late.leaves(1n, [1]), { code: 'WIRE_CLOSED' })
})

test('check - a lost connection ends what waits', async t => {
  const asked = new Deferred()
  const never: CheckAnswers = {
    ...ANSWERS,
    leaves: () => {
      asked.resolve()
      return new Promise(() => {})
    }
  }
  const { connection, stop } = await scene(t, never)
  const client = new CheckClient(connection)
  const waiting = client.leaves(1n, [1])
  await asked.promise
  connection.stream.destroy()
  await assert.rejects(waiting, { code: 'WIRE_CLOSED' })
  stop()
})

test('check - too many requests at once are Busy, the channel stays', async t => {
  const gate = new Deferred()
  const slow: CheckAnswers = {
    ...ANSWERS,
    async leaves(span, indexes) {
      await gate.promise
      return ANSWERS.leaves(span, indexes)
    }
  }
  const { connection } = await scene(t, slow)
  const client = new CheckClient(connection)
  const asked = Array.from({ length: 12 }, () => client.leaves(1n, [1]))
  const settled = Promise.allSettled(asked)
  gate.resolve()
  const results = await settled
  const busy = results.filter(
    result => result.status === 'rejected' && result.reason.details.refusal === 'Busy'
  )
  assert.ok(busy.length <= 4)
  assert.equal(busy.length + results.filter(result => result.status === 'fulfilled').length, 12)
  assert.equal((await client.leaves(1n, [1])).leaves.length, 1)
})

test('check - a channel that is opened twice is rejected the second time, and everything else stays', async t => {
  const { connection, signer } = await scene(t)
  const client = new CheckClient(connection)
  await openAgain(connection, { protocol: CHECK.name, id: null })
  assert.equal((await client.leaves(1n, [1])).leaves.length, 1)
  assert.deepEqual(signer.connections, [connection])
})

test('check - rude messages close the channel with a code and score the peer', async t => {
  const { connection, server, signer } = await scene(t)
  const cases: [number, Buffer, number][] = [
    [0, Buffer.from('rude'), 1],
    [1, c.encode(CHECK.messages.proofs.encoding, { request: 1, peaks: [], leaves: [] }), 2],
    [0, Buffer.alloc(2_000), 3],
    [7, Buffer.alloc(1), 4],
    [0, c.encode(CHECK.messages.leaves.encoding, { request: 0, span: 1n, indexes: [0] }), 2]
  ]
  for (const [kind, bytes, code] of cases) {
    const violation = once(server, 'violation')
    const closed = new Deferred()
    const codes: number[] = []
    const channel = Protomux.from(connection.stream).createChannel({
      protocol: CHECK.name,
      onclose: () => closed.resolve()
    })
    assert.ok(channel)
    const kinds = Array.from({ length: 8 }, (_, number) =>
      channel.addMessage({
        encoding: c.raw,
        onmessage(message) {
          if (number === CHECK.messages.refuse.number) codes.push(Buffer.from(message).readUInt16LE(4))
        }
      })
    )
    channel.open()
    kinds[kind]?.send(bytes)
    await closed.promise
    assert.deepEqual(codes, [code])
    assert.equal((await violation)[0].peer, signer.noiseKey)
  }
  assert.deepEqual(signer.connections, [connection])
})

test('check - a server that answers what nobody asked ends the channel, and what waits hears why', async t => {
  const { signer, pinner, dial } = await pair(t, ({ stream }) => {
    Protomux.from(stream).pair({ protocol: CHECK.name }, () => {
      const channel = Protomux.from(stream).createChannel({ protocol: CHECK.name })
      const kinds = Array.from({ length: 5 }, () => channel?.addMessage({ encoding: c.raw, onmessage() {} }))
      channel?.open()
      const { number, encoding } = CHECK.messages.signature
      kinds[number]?.send(c.encode(encoding, { request: 1, signature: new Uint8Array(64) }))
    })
  })
  const client = new CheckClient(await dial())
  await assert.rejects(client.leaves(1n, [1]), { code: 'WIRE_OUT_OF_ORDER' })
  assert.deepEqual(
    signer.connections.map(({ remoteKey }) => remoteKey),
    [pinner.noiseKey]
  )
})

test('check - an answer of another length closes the channel of the client', async t => {
  const { connection, server } = await scene(t, {
    ...ANSWERS,
    leaves: async () => ({ peaks: [], leaves: [] })
  })
  const violated = new Deferred<string>()
  const client = new CheckClient(connection, { onViolation: ({ refusal }) => violated.resolve(refusal) })
  await assert.rejects(client.leaves(1n, [1]), { code: 'WIRE_BAD_MESSAGE' })
  assert.equal(await violated.promise, 'Malformed')
  assert.ok(server)
})
