import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { newPhrase } from '../../src/chain-client/keys.ts'
import type { RpcProvider } from '../../src/chain-client/types.ts'
import { DevChain } from '../../src/dev-chain/index.ts'
import { startBootstrap } from '../../src/hyper/bootstrap.ts'
import { VerifierNode } from '../../src/node/verifier.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { createKeyFile } from '../../src/store/key-file.ts'
import { tempFolder } from '../helpers/folder.ts'
import { Deferred } from '../wire/helpers.ts'

/** A chain that stops to answer, as one behind a broken line. */
function silencing(inner: RpcProvider): { provider: RpcProvider; silence(): void; asked: Promise<void> } {
  const asked = new Deferred()
  let silent = false
  const provider: RpcProvider = {
    get isConnected() {
      return inner.isConnected
    },
    connect: () => inner.connect(),
    disconnect: () => inner.disconnect(),
    on: (type, listener) => inner.on(type, listener),
    send: (method, params) => {
      if (!silent) return inner.send(method, params)
      asked.resolve()
      return new Promise(() => {})
    },
    subscribe: (...options) => inner.subscribe(...options),
    unsubscribe: (...options) => inner.unsubscribe(...options)
  }
  return { provider, silence: () => (silent = true), asked: asked.promise }
}

// A read waits for 60 s, longer than this test may take.
test('shutdown - a node stops at once while its chain does not answer', { timeout: 40_000 }, async t => {
  const folder = await tempFolder(t)
  const chain = await DevChain.create({ storage: join(folder, 'chain'), blockTimeMs: 250, port: null })
  t.after(() => chain.close())
  const bootstrap = await startBootstrap()
  t.after(() => bootstrap.close())
  const storage = await StorageFolder.open(join(folder, 'node'))
  await createKeyFile(storage, newPhrase())
  await storage.close()
  const { provider, silence, asked } = silencing(chain.provider())
  const config = {
    storage: storage.path,
    chain: [],
    passphraseFile: null,
    bootstrap: bootstrap.addresses,
    host: '127.0.0.1'
  }
  const node = new VerifierNode(config, { provider })
  t.after(() => node.close())
  await node.ready()
  const abort = new AbortController()
  silence()
  const run = node.run(abort.signal)
  await asked
  abort.abort()
  await run
  assert.equal(node.chain.connected, false)
})
