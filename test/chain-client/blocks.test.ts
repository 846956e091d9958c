import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { DAT } from '../../src/domain/amounts.ts'
import { type Asked, frontOf } from './front.ts'
import { connectFor, keysOf, openChain, pooled } from './local-chain.ts'

/** Hash of a block 2 that is never final. */
const OTHER = `0x${'ee'.repeat(32)}`

interface Setting {
  /** The request at which the first node goes, once it is told to. */
  goesAt: string
  /** What the second node, a block behind, says of block 2, by its hash; undefined for what the chain says. */
  ahead(asked: Asked, hash: string): unknown
  /** The request after which it has finalized block 2 too; that at which the first goes unless given. */
  until?: string
}

/** A client of two nodes of a chain, the second a block behind. */
async function failingOver(t: TestContext, { goesAt, ahead, until = goesAt }: Setting) {
  const chain = await openChain()
  t.after(() => chain.close())
  await chain.mine()
  let goes = false
  const first = await frontOf(t, chain, asked => {
    if (!goes || asked.method !== goesAt) return asked.ask()
    return asked.cut()
  })
  let isBehind = true
  const second = await frontOf(t, chain, async asked => {
    if (!isBehind) return asked.ask()
    if (asked.method === 'chain_getFinalizedHead') return asked.ask('chain_getBlockHash', [1])
    if (asked.method === 'chain_subscribeFinalizedHeads') return 'heads'
    const answer = await ahead(asked, chain.headHash)
    if (answer === undefined) return asked.ask()
    if (asked.method === until) {
      isBehind = false
      asked.tell(await asked.ask('chain_getHeader', [chain.headHash]))
    }
    return answer
  })
  const client = await connectFor(t, { urls: [first, second] })
  const go = () => {
    goes = true
  }
  return { chain, client, go }
}

/** Block 2 as it is read while the nodes change, and as it is read once more. */
async function readingThrough(t: TestContext, setting: Setting) {
  const { chain, client, go } = await failingOver(t, setting)
  await chain.mine()
  while (client.finalized().height < 2) await turn()
  go()
  const heads = []
  for (let i = 0; i < 2; i++)
    for await (const head of client.heads(t.signal, { from: 2 })) {
      heads.push(head)
      break
    }
  return heads.map(({ hash, pruned }) => ({ isFinal: `0x${hash}` === chain.headHash, pruned }))
}

const TWICE = Array.from({ length: 2 }, () => ({ isFinal: true, pruned: false }))

test('blocks - one whose header the next node does not have yet is waited for there', async t => {
  const heads = await readingThrough(t, {
    goesAt: 'chain_getHeader',
    ahead: ({ method, params }, hash) =>
      method === 'chain_getHeader' && params[0] === hash ? null : undefined
  })
  assert.deepEqual(heads, TWICE)
})

test('blocks - one that the next node has not finalized is not taken from it', async t => {
  const heads = await readingThrough(t, {
    goesAt: 'chain_getBlockHash',
    ahead: ({ method, params, ask }, hash) => {
      if (method === 'chain_getBlockHash' && params[0] === 2) return OTHER
      if (method === 'chain_getHeader' && params[0] === OTHER) return ask(method, [hash])
      return method === 'state_queryStorageAt' ? ask(method, [params[0], hash]) : undefined
    },
    until: 'state_queryStorageAt'
  })
  assert.deepEqual(heads, TWICE)
})

test('blocks - one that the next node does not have yet is not taken for pruned', async t => {
  const heads = await readingThrough(t, {
    goesAt: 'state_queryStorageAt',
    ahead: ({ method }) => (method === 'state_queryStorageAt' ? [] : undefined)
  })
  assert.deepEqual(heads, TWICE)
})

test('blocks - a call in one that the next node does not have yet is found there', async t => {
  const { chain, client, go } = await failingOver(t, {
    goesAt: 'chain_getBlock',
    ahead: ({ method }) => (method === 'chain_getBlock' ? null : undefined)
  })
  const { account: to } = await keysOf(99)
  const sent = client.account(await keysOf(1)).submit({ call: 'transfer', to, amount: DAT })
  await pooled(chain, 1)
  go()
  await chain.mine()
  assert.equal((await sent).height, 2)
})

test('blocks - a snapshot is of one that is final, not of what the next node has at its height', async t => {
  const { chain, client, go } = await failingOver(t, {
    goesAt: 'chain_getBlockHash',
    ahead: ({ method, params }) => (method === 'chain_getBlockHash' && params[0] === 2 ? OTHER : undefined)
  })
  await chain.mine()
  while (client.finalized().height < 2) await turn()
  go()
  assert.equal(`0x${(await client.snapshot(2)).hash}`, chain.headHash)
})
