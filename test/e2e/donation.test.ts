import assert from 'node:assert/strict'
import test from 'node:test'
import { supporterDonate } from '../../src/cli/commands/supporter.ts'
import { Output } from '../../src/cli/output.ts'
import { systemClock } from '../../src/clock.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { SupporterNode } from '../../src/node/supporter.ts'
import { pinCore, randomBlocks } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

test('donation - a command that is run again gives once, until it is done or reclaimed; another command gives too', async t => {
  const network = await Network.start({ signers: 0, pinners: 0, verifiers: 0, blockTimeMs: 150 })
  t.after(() => network.close())
  const job = await pinCore(network, randomBlocks([1_000]), 1)
  t.after(() => job.author.close())
  const signal = AbortSignal.timeout(60_000)
  const balance = async () => (await (await network.client.snapshot()).pot(job.key))?.balance ?? 0n
  const before = await balance()

  const told: boolean[] = []
  const donor = async (work: (node: SupporterNode) => Promise<void>) => {
    const node = new SupporterNode(network.config('donor'), network.modules)
    node.events.on(event => {
      if (event.type === 'donated') told.push(event.earlier)
    })
    try {
      await node.ready()
      await work(node)
    } finally {
      await node.close()
    }
  }
  /** One run of a command on the donor's folder. */
  const run = async (order: 'pin' | 'donate', isDone: boolean) => {
    await donor(async node => {
      const to = node.identity.account
      if ((await (await network.client.snapshot()).balance(to)).free === 0n)
        await network.supporter.submit({ call: 'transfer', to, amount: 100n * DAT })
      const supporter = node.role(job.key, { order })
      await supporter.donate(5n * DAT, 1, signal)
      if (isDone) await supporter.endDonation()
    })
    return (await balance()) - before
  }

  assert.equal(await run('pin', false), 5n * DAT)
  assert.equal(await run('pin', false), 5n * DAT)
  assert.equal(await run('donate', true), 10n * DAT)
  assert.equal(await run('pin', true), 10n * DAT)
  assert.equal(await run('pin', true), 15n * DAT)
  assert.deepEqual(told, [false, true, false, true, false], 'what an earlier run has given is told as such')

  assert.equal(await run('pin', false), 20n * DAT)
  await network.supporter.submit({ call: 'setWish', core: job.key, wish: 0 })
  await donor(async node => {
    await node.role(job.key).wish(0, signal)
    await node.role(job.key).reclaim(signal)
  })
  const left = (await balance()) - before
  assert.equal(await run('pin', false), left + 5n * DAT)
  assert.equal(await run('pin', false), left + 5n * DAT)
})

test('donation - a command that ends before it showed what came of it gives nothing more when it is run again', async t => {
  const network = await Network.start({
    signers: 0,
    pinners: 0,
    verifiers: 0,
    blockTimeMs: 150,
    socket: true
  })
  t.after(() => network.close())
  const job = await pinCore(network, randomBlocks([1_000]), 1)
  t.after(() => job.author.close())
  const config = network.config('donor')
  const node = new SupporterNode(config)
  await node.ready()
  await network.supporter.submit({ call: 'transfer', to: node.identity.account, amount: 100n * DAT })
  await node.close()

  let isBroken = true
  const stdout = {
    write: (line: string | Uint8Array) => {
      if (isBroken && JSON.parse(String(line)).type === 'result') throw new Error('nobody reads it')
      return true
    }
  }
  const output = new Output({ stdout, stderr: stdout, json: true, clock: systemClock })
  const context = { output, clock: systemClock, signal: AbortSignal.timeout(60_000) }
  const words = { ...config, core: job.key, amount: 5n * DAT, copies: 1 }
  const run = () => supporterDonate.run(context as never, words as never)
  const balance = async () => (await (await network.client.snapshot()).pot(job.key))?.balance ?? 0n
  const before = await balance()
  await assert.rejects(run(), /nobody reads it/)
  isBroken = false
  await run()
  assert.equal((await balance()) - before, 5n * DAT)
  await run()
  assert.equal((await balance()) - before, 10n * DAT)
})
