import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ChainClient } from '../../src/chain-client/client.ts'
import { SocketProvider } from '../../src/chain-client/socket.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { scaled } from '../helpers/long.ts'
import { strangeNode } from '../helpers/strange-node.ts'
import { answered } from './answers.ts'
import { hostile, json } from './values.ts'

const numRuns = scaled(1_000, 1_000_000)

test('fuzz chain - whatever frames a node sends, each request ends with its answer or an error of ours', async t => {
  let frames: (string | Buffer)[] = []
  const url = await strangeNode(t, (socket, request) => {
    const { id } = JSON.parse(request)
    for (const frame of frames) socket.send(frame)
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: 'done' }))
  })
  const notice = fc.record({
    method: fc.constant('chain_finalizedHead'),
    params: fc.record({ subscription: hostile, result: json })
  })
  const reply = fc.record({
    id: fc.oneof(fc.nat({ max: 3 }), hostile),
    result: json,
    error: fc.option(fc.oneof(hostile, fc.record({ code: hostile, message: hostile, data: hostile })))
  })
  const frame = fc.oneof(
    { arbitrary: fc.oneof(notice, reply, json).map(value => JSON.stringify(value)), weight: 8 },
    fc.string(),
    fc.uint8Array().map(bytes => Buffer.from(bytes))
  )
  const ends = { answered: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 4 }), fc.boolean(), async (said, subscribes) => {
      frames = said
      const provider = new SocketProvider([url])
      const connected = new Promise<void>(resolve => provider.on('connected', () => resolve()))
      await provider.connect()
      await connected
      const error = await answered(() =>
        subscribes ? provider.subscribe('x', 'x', [], () => undefined) : provider.send('x', [])
      )
      if (error) ends.refused += 1
      else ends.answered += 1
      await provider.disconnect()
    }),
    { numRuns }
  )
  assert.ok(ends.answered > 0 && ends.refused > 0, JSON.stringify(ends))
})

test('chain - a notice whose subscription is no name ends the connection, not the process', async t => {
  const notice = '{"method":"x","params":{"subscription":{"toString":1}}}'
  const url = await strangeNode(t, socket => socket.send(notice))
  const refused = ChainClient.connect({ urls: [url], connectTimeoutMs: 300 })
  await assert.rejects(refused, error => isDatdotError(error, 'CHAIN_UNREACHABLE'))
})
