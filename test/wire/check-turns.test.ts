import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { toHex } from '../../src/domain/bytes.ts'
import { CheckClient } from '../../src/wire/check-client.ts'
import { CheckServer } from '../../src/wire/check-server.ts'
import { Deferred, wired } from './helpers.ts'

const PER_SECOND = 64
const ACCOUNT = 'aa'.repeat(32)

/** A pinner whose peers have just read all that they may together. */
async function drained(t: TestContext) {
  const clock = { now: 0 }
  const seen = { read: 0, onRead: (_leaves: number) => {} }
  const server = new CheckServer({ now: () => clock.now, allLeavesPerSecond: PER_SECOND })
  t.after(() => server.close())
  const stop = server.serve({
    async leaves(_, indexes) {
      seen.read += indexes.length
      seen.onRead(indexes.length)
      return { peaks: [], leaves: indexes.map(() => ({ data: new Uint8Array(256), path: [] })) }
    },
    receipt: async () => new Uint8Array(64)
  })
  let peers = 0
  const connect = () => {
    peers += 1
    const [near, far] = wired(['00'.repeat(32), toHex(new Uint8Array(32).fill(peers))])
    server.attach(near)
    return new CheckClient(far)
  }
  await connect().leaves(1n, Array(PER_SECOND).fill(0))
  await connect().leaves(1n, [0])
  return { clock, seen, server, stop, connect }
}

test('check turns - what all peers together may read is waited for, receipts are not under it', async t => {
  const { clock, connect } = await drained(t)
  let isAnswered = false
  const answered = connect()
    .leaves(1n, [1, 2])
    .then(() => {
      isAnswered = true
    })
  await connect().receipt(2n, 3, ACCOUNT)
  assert.equal(isAnswered, false)
  clock.now += 1_000
  await answered
})

/** Asks for so many leaves over and over, as often as the channel lets it. */
async function flood(client: CheckClient, leaves: number): Promise<void> {
  const again = async (): Promise<never> => {
    for (;;)
      await client.leaves(1n, Array(leaves).fill(0)).catch(error => {
        if (error.code !== 'WIRE_RATE_LIMITED') throw error
      })
  }
  await Promise.allSettled(Array.from({ length: 8 }, again))
}

for (const most of [1, 64])
  test(`check turns - one that asks for little is answered soon, though twenty ask for ${most} at a time`, async t => {
    const { clock, seen, connect } = await drained(t)
    const flooded = new Deferred()
    // Time passes by what is read, as fast as all peers together may read it, but for a moment in which the one asks.
    let isPassing = true
    let servedAt = 0
    seen.onRead = leaves => {
      if (leaves === 4) servedAt = clock.now
      if (isPassing) clock.now += (leaves * 1_000) / PER_SECOND
      if (clock.now > 5_000) flooded.resolve()
    }
    for (let i = 0; i < 20; i++) flood(connect(), most)
    clock.now += 1_000 / PER_SECOND
    await flooded.promise
    isPassing = false
    const modest = connect().leaves(1n, [1, 2, 3, 4])
    await connect().receipt(2n, 3, ACCOUNT)
    isPassing = true
    clock.now += (most * 1_000) / PER_SECOND
    const begun = clock.now
    assert.equal((await modest).leaves.length, 4)
    assert.ok(servedAt - begun < 2_000, `${servedAt - begun} ms`)
  })

test('check turns - a pinner that stops ends what waits for its turn, and reads nothing for it', async t => {
  const { clock, seen, server, stop, connect } = await drained(t)
  const waiting = [connect(), connect()].map(client => client.leaves(1n, [1]))
  await connect().receipt(2n, 3, ACCOUNT)
  const { read } = seen
  clock.now += 1_000
  stop()
  for (const request of waiting) await assert.rejects(request, { code: 'WIRE_CLOSED' })
  await server.close()
  assert.equal(seen.read, read)
})
