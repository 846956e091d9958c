import '../../chain/artifacts/types/augment-api.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientOf, startChain } from './helpers.ts'

test('types - the committed types are those of the committed runtime, for clients of @polkadot/api', async context => {
  const chain = await startChain(context, { port: 0 })
  const api = await clientOf(context, chain.url)
  assert.equal(api.consts.datdot.period.toNumber(), 20)
  assert.equal((await api.query.datdot.params()).samples.toNumber(), 20)
  assert.equal(api.tx.datdot.setWish(new Uint8Array(32), 3).method.args[1]?.toString(), '3')
})
