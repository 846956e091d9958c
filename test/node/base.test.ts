import assert from 'node:assert/strict'
import test from 'node:test'
import { newPhrase } from '../../src/chain-client/keys.ts'
import type { RpcProvider } from '../../src/chain-client/types.ts'
import { NodeBase } from '../../src/node/base.ts'
import { knownBlock } from '../../src/node/tables.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { createKeyFile } from '../../src/store/key-file.ts'
import { openChain } from '../chain-client/local-chain.ts'
import { tempFolder } from '../helpers/folder.ts'

test('node - it knows the chain again by its first block, for which it asks once', async t => {
  const storage = await StorageFolder.open(await tempFolder(t))
  await createKeyFile(storage, newPhrase())
  await storage.close()
  const config = { storage: storage.path, chain: [], passphraseFile: null, bootstrap: null, host: null }
  const chain = await openChain()
  t.after(() => chain.close())
  const firstOf = async (provider: RpcProvider) => {
    const node = new NodeBase(config, { chain: true, hyper: false }, { provider })
    try {
      await node.ready()
      return (await node.records.table(knownBlock).get('first'))?.hash ?? null
    } finally {
      await node.close()
    }
  }
  assert.equal(await firstOf(chain.provider()), null)
  await chain.mine()
  const first = chain.headHash.slice(2)
  await chain.mine()
  let asked = 0
  const provider = chain.provider()
  const send = provider.send.bind(provider)
  provider.send = async (method: string, params: unknown[]) => {
    if (method === 'chain_getBlockHash' && params[0] === 1) asked += 1
    return send(method, params)
  }
  assert.equal(await firstOf(provider), first)
  assert.equal(asked, 1)

  const anew = await openChain()
  t.after(() => anew.close())
  await anew.mine(3)
  await assert.rejects(firstOf(anew.provider()), { code: 'CHAIN_WRONG' })
})
