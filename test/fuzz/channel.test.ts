import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import c from 'compact-encoding'
import fc from 'fast-check'
import Protomux from 'protomux'
import { u64 } from '../../src/domain/bytes.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import type { PeerConnection } from '../../src/hyper/node.ts'
import { CheckClient } from '../../src/wire/check-client.ts'
import { CheckServer } from '../../src/wire/check-server.ts'
import { type CopyHandler, CopyReceivers } from '../../src/wire/copy-receiver.ts'
import { CopySender } from '../../src/wire/copy-sender.ts'
import { refusalName } from '../../src/wire/errors.ts'
import { CHECK, COPY, type Protocol } from '../../src/wire/messages.ts'
import { scaled } from '../helpers/long.ts'
import { Deferred, pair } from '../wire/helpers.ts'
import { isOurs } from './answers.ts'

const numRuns = scaled(1_000, 1_000_000)
const SPAN = 7n
/** A kind that no protocol of ours has: whatever came before, this ends the channel. */
const END = 63
/** Longer than any message may be, but `proofs`. */
const LONG = new Uint8Array(70_000)

const small = fc.oneof(fc.nat({ max: 4 }), fc.constant(Number.MAX_SAFE_INTEGER))
const bytes = (length: number) => fc.constant(new Uint8Array(length))
const cells = fc.integer({ min: 1, max: 3 }).map(count => new Uint8Array(256 * count).fill(count))
const ids = fc.constantFrom(SPAN, 0n, 2n ** 64n - 1n)

/** A message as it stands on the wire: of a declared kind, or anything under any number. */
type Said = [kind: number, bytes: Uint8Array]

function valid<M extends object, K extends keyof M>(
  protocol: Protocol<M>,
  kind: K,
  values: fc.Arbitrary<M[K]>
): fc.Arbitrary<Said> {
  const { number, encoding } = protocol.messages[kind]
  return values.map(value => [number, c.encode(encoding, value)])
}

const copyMessages = fc.oneof(
  valid(COPY, 'open', fc.record({ span: ids, cells: small })),
  valid(COPY, 'cells', fc.record({ first: small, cells })),
  valid(COPY, 'ack', fc.record({ cells: small })),
  valid(COPY, 'checkpoint', fc.record({ leaves: small, root: bytes(32), signature: bytes(64) })),
  valid(COPY, 'seal', fc.record({ cells: small, root: bytes(32), signature: bytes(64) })),
  valid(COPY, 'refuse', fc.record({ code: fc.nat({ max: 20 }) }))
)
const leaf = fc.record({ data: bytes(256), path: fc.array(bytes(32), { maxLength: 2 }) })
const checkMessages = fc.oneof(
  valid(
    CHECK,
    'leaves',
    fc.record({ request: small, span: ids, indexes: fc.array(small, { minLength: 1, maxLength: 3 }) })
  ).filter(([, message]) => message.length < 600),
  valid(
    CHECK,
    'proofs',
    fc.record({
      request: fc.nat({ max: 4 }),
      peaks: fc.constant([]),
      leaves: fc.array(leaf, { maxLength: 2 })
    })
  ),
  valid(
    CHECK,
    'receipt',
    fc.record({ request: fc.nat({ max: 4 }), copy: ids, period: fc.nat({ max: 3 }), account: bytes(32) })
  ),
  valid(CHECK, 'signature', fc.record({ request: fc.nat({ max: 4 }), signature: bytes(64) })),
  valid(CHECK, 'refuse', fc.record({ request: fc.nat({ max: 4 }), code: fc.nat({ max: 20 }) }))
)

/** What a peer says on one channel: whole messages, messages cut off or changed, noise; in any order, as often as it likes. */
function talk(messages: fc.Arbitrary<Said>): fc.Arbitrary<Said[]> {
  const changed = fc
    .tuple(messages, fc.nat(), fc.nat({ max: 255 }))
    .map(
      ([[kind, message], at, byte]): Said => [
        kind,
        Uint8Array.from(message).fill(byte, at % 80, (at % 80) + 1)
      ]
    )
  const cut = fc
    .tuple(messages, fc.nat())
    .map(([[kind, message], at]): Said => [kind, message.subarray(0, at % (message.length + 1))])
  const noise = fc.tuple(fc.nat({ max: END }), fc.uint8Array({ maxLength: 100 }))
  const long = messages.map(([kind]): Said => [kind, LONG])
  const wrong = fc.oneof(changed, cut, noise, long)
  return fc.array(fc.oneof({ arbitrary: messages, weight: 6 }, { arbitrary: wrong, weight: 3 }), {
    maxLength: 12
  })
}

/** Says all of it on a channel of the protocol's name, then what ends it; gives the codes that came back. */
async function say(
  { stream }: PeerConnection,
  protocol: { name: string; id: Uint8Array | null; refusal: number; codeAt: number },
  said: readonly Said[],
  opening?: { first: Said; answer: number }
): Promise<(number | undefined)[]> {
  const [closed, answered] = [new Deferred(), new Deferred()]
  const codes: (number | undefined)[] = []
  const channel = Protomux.from(stream).createChannel({
    protocol: protocol.name,
    id: protocol.id,
    onclose: () => {
      closed.resolve()
      answered.resolve()
    }
  })
  assert.ok(channel)
  const kinds = Array.from({ length: END + 1 }, (_, kind) =>
    channel.addMessage({
      encoding: c.raw,
      onmessage(message) {
        if (kind === opening?.answer) answered.resolve()
        if (kind === protocol.refusal) codes.push(Buffer.from(message).readUInt16LE(protocol.codeAt))
      }
    })
  )
  channel.open()
  if (opening) {
    kinds[opening.first[0]]?.send(opening.first[1])
    await answered.promise
  }
  for (const [kind, message] of said) kinds[kind]?.send(message)
  kinds[END]?.send(Buffer.from('end'))
  await closed.promise
  return codes
}

/** Takes any cells without keeping them, and any seal. */
class Careless implements CopyHandler {
  held = 0

  async cells(first: number, given: Uint8Array): Promise<number> {
    if (first !== this.held) throw new DatdotError('WIRE_OUT_OF_ORDER')
    if (given[0] === 3) throw new DatdotError('CELL_INVALID')
    this.held += given.byteLength / 256
    return this.held
  }

  async checkpoint(): Promise<Uint8Array> {
    return new Uint8Array(64)
  }

  async seal(): Promise<void> {}
}

/** A pinner that answers checks, a signer, and another channel between them that must go on whatever happens. */
async function scene(t: TestContext) {
  const [receivers, checks] = [
    new CopyReceivers(),
    new CheckServer({ leavesPerSecond: 2 ** 40, allLeavesPerSecond: 2 ** 40 })
  ]
  const { signer, pinner, dial } = await pair(t, connection => {
    receivers.attach(connection)
    checks.attach(connection)
  })
  checks.serve({
    leaves: async (_, indexes) => ({
      peaks: [],
      leaves: indexes.map(() => ({ data: new Uint8Array(256), path: [] }))
    }),
    receipt: async () => new Uint8Array(64)
  })
  const violations: string[] = []
  for (const end of [receivers, checks]) end.on('violation', ({ refusal }) => violations.push(refusal))
  t.after(async () => {
    await receivers.close()
    await checks.close()
  })
  return { receivers, checks, signer, pinner, violations, connection: await dial() }
}

/** What the channel closed with: one code of ours, unless the peer itself refused; the connection is the same. */
function assertEnded(codes: readonly (number | undefined)[], said: readonly Said[], refusal: number): void {
  const hasRefused = said.some(([kind]) => kind === refusal)
  assert.ok(codes.length === 1 || (codes.length === 0 && hasRefused), `codes ${codes}`)
  for (const code of codes) assert.notEqual(refusalName(code ?? 0), null, `code ${code}`)
}

/** Each of these was said often: else what is random here would say little. */
function assertFound(violations: readonly string[], kinds: readonly string[]): void {
  for (const kind of kinds) {
    const count = violations.filter(one => one === kind).length
    assert.ok(count > numRuns / 100, `${kind} ${count} times`)
  }
}

test('fuzz channel - whatever a signer says, its channel closes with a code and everything else goes on', async t => {
  const { receivers, signer, connection, violations } = await scene(t)
  const client = new CheckClient(connection)
  const first: Said = [
    COPY.messages.open.number,
    c.encode(COPY.messages.open.encoding, { span: SPAN, cells: 0 })
  ]
  const opening = { first, answer: COPY.messages.open.number }
  const protocol = { name: COPY.name, id: u64(SPAN), refusal: COPY.messages.refuse.number, codeAt: 0 }
  await fc.assert(
    fc.asyncProperty(talk(copyMessages), fc.boolean(), async (said, opens) => {
      const stop = new AbortController()
      const received = receivers.receive(SPAN, signer.noiseKey, new Careless(), stop.signal)
      const ended = received.then(
        () => true,
        error => isOurs(error)
      )
      const codes = await say(connection, protocol, said, opens ? opening : undefined)
      assertEnded(codes, said, protocol.refusal)
      stop.abort()
      assert.equal(await ended, true)
      assert.equal((await client.leaves(1n, [1])).leaves.length, 1)
      assert.deepEqual(signer.connections, [connection])
    }),
    { numRuns }
  )
  assertFound(violations, ['Malformed', 'OutOfOrder', 'TooLarge', 'Unknown'])
})

test('fuzz channel - whatever anyone asks a pinner, its channel closes with a code and everything else goes on', async t => {
  const { receivers, signer, connection, violations } = await scene(t)
  const stop = new AbortController()
  const received = receivers.receive(SPAN, signer.noiseKey, new Careless(), stop.signal)
  const sender = await CopySender.open(connection, { span: SPAN })
  const protocol = { name: CHECK.name, id: null, refusal: CHECK.messages.refuse.number, codeAt: 4 }
  let sent = 0
  await fc.assert(
    fc.asyncProperty(talk(checkMessages), async said => {
      const codes = await say(connection, protocol, said)
      assert.ok(codes.length > 0 || said.some(([kind]) => kind === protocol.refusal), 'no code')
      for (const code of codes) assert.notEqual(refusalName(code ?? 0), null, `code ${code}`)
      await sender.sendCells(sent, new Uint8Array(256))
      sent += 1
      assert.deepEqual(signer.connections, [connection])
    }),
    { numRuns }
  )
  assertFound(violations, ['Malformed', 'OutOfOrder', 'TooLarge', 'Unknown'])
  stop.abort()
  await assert.rejects(received, { code: 'ABORTED' })
})

test('fuzz channel - whatever a pinner answers, who asks it gets a value or an error of ours', async t => {
  let next: readonly Said[] = []
  let over = new Deferred()
  const { signer, dial } = await pair(t, ({ stream }) => {
    const answer = (name: string, id: Uint8Array | null) => {
      const channel = Protomux.from(stream).createChannel({
        protocol: name,
        id,
        onclose: () => over.resolve()
      })
      const kinds = Array.from({ length: END + 1 }, () =>
        channel?.addMessage({ encoding: c.raw, onmessage() {} })
      )
      channel?.open()
      for (const [kind, message] of [...next, [END, Buffer.from('end')] as const]) kinds[kind]?.send(message)
    }
    Protomux.from(stream).pair({ protocol: CHECK.name }, id => answer(CHECK.name, id))
    Protomux.from(stream).pair({ protocol: COPY.name }, id => answer(COPY.name, id))
  })
  const connection = await dial()
  const settled = (work: Promise<unknown>) =>
    work.then(
      () => true,
      error => isOurs(error)
    )
  await fc.assert(
    fc.asyncProperty(talk(fc.oneof(checkMessages, copyMessages)), fc.boolean(), async (said, isCheck) => {
      next = said
      over = new Deferred()
      if (isCheck) {
        const client = new CheckClient(connection)
        const asked = [
          client.leaves(1n, [1]),
          client.leaves(1n, [2, 3]),
          client.receipt(1n, 1, '00'.repeat(32))
        ]
        for (const one of await Promise.all(asked.map(settled))) assert.ok(one)
      } else {
        const work = CopySender.open(connection, { span: SPAN }).then(async sender => {
          await sender.sendCells(sender.sent, new Uint8Array(512))
          await sender.checkpoint({ leaves: 1, root: new Uint8Array(32), signature: new Uint8Array(64) })
          await sender.seal({ cells: 2, root: new Uint8Array(32), signature: new Uint8Array(64) })
        })
        assert.ok(await settled(work))
      }
      await over.promise
      assert.deepEqual(signer.connections, [connection])
    }),
    { numRuns }
  )
})
