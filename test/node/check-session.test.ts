import assert from 'node:assert/strict'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openCheck } from '../../src/node/check-session.ts'
import { CheckServer } from '../../src/wire/check-server.ts'
import { LocalNet, tempFolder } from '../hyper/helpers.ts'

/** A verifier that has asked a pinner for leaves, which never come. */
async function scene(t: TestContext) {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const pinner = await net.node(join(folder, 'pinner'), 'pinner')
  const checks = new CheckServer()
  pinner.onConnection(connection => checks.attach(connection))
  const asked = new Promise<void>(resolve => {
    const answers = {
      leaves: () => {
        resolve()
        return new Promise<never>(() => {})
      },
      receipt: () => new Promise<never>(() => {})
    }
    checks.serve(answers)
  })
  await pinner.listen()
  const verifier = await net.node(join(folder, 'verifier'), 'verifier')
  const limit = new AbortController()
  const session = await openCheck(verifier, pinner.noiseKey, limit.signal)
  const answer = session.leaves(1n, [0])
  answer.catch(() => undefined)
  await asked
  return { net, pinner, limit, answer }
}

test('check session - a pinner that hangs up has closed it, unless this node is cut off itself', async t => {
  const alone = await scene(t)
  await alone.pinner.close()
  await assert.rejects(alone.answer, { code: 'WIRE_CLOSED' })

  const both = await scene(t)
  await both.net.bootstrap.close()
  await both.pinner.close()
  await assert.rejects(both.answer, { code: 'DHT_UNREACHABLE' })
})

test('check session - a limit that runs out while this node is cut off is no end of the caller', async t => {
  const { net, pinner, limit, answer } = await scene(t)
  await net.bootstrap.close()
  const gone = pinner.dht.destroy({ force: true })
  limit.abort(new DOMException('the limit', 'TimeoutError'))
  await assert.rejects(answer, { code: 'DHT_UNREACHABLE' })
  await gone
})
