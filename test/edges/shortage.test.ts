import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import type { ProviderRole } from '../../src/domain/ids.ts'
import { PinnerNode } from '../../src/node/pinner.ts'
import { type Line, result, start } from '../e2e/cli/program.ts'
import { Stranger } from '../e2e/cli/stranger.ts'
import { setParams } from '../helpers/admin.ts'
import { Network, type Provider } from '../helpers/network.ts'
import { firstActive, servedPeriod } from './job.ts'
import { randomBlocks } from './shapes.ts'

/** One block, so one span: a set-up takes its plain bytes and its cells at once. */
const BYTES = 300_000
/** Too little for the cells · enough for the cells, but not for the block beside them · enough. */
const CAPACITIES: Record<string, number> = { 'pinner-1': 200_000, 'pinner-2': 500_000, 'pinner-3': 2 ** 20 }
const LATE = ['pinner-1', 'pinner-2', 'pinner-3', 'signer-1', 'verifier-1']

async function open(): Promise<Network> {
  const network = await Network.start({
    ...{ signers: 1, pinners: 3, verifiers: 1, socket: true, late: LATE },
    makeNode: (name, config, modules) => {
      const capacity = CAPACITIES[name]
      return capacity === undefined ? null : new PinnerNode(config, { capacity }, modules)
    }
  })
  await setParams(network.client, { spanTarget: 100_000, verifiers: 1 })
  return network
}

function provider(network: Network, name: string): Provider {
  return network.providers.find(one => one.name === name) ?? assert.fail()
}

/** Lets a pinner offer other roles, or the same again. */
async function offer(network: Network, name: string, roles: ProviderRole[]): Promise<void> {
  const { identity } = provider(network, name)
  const capacity = BigInt(CAPACITIES[name] ?? 0) - 100_000n
  const update = { call: 'updateProvider', roles, capacity, paused: false, payout: null } as const
  await network.client.account(identity.keys).submit(update)
}

test('shortage - a supporter says whom it waits for, and goes on by itself as they come', {
  timeout: 240_000
}, async t => {
  const network = await open()
  t.after(() => network.close())
  const author = await Stranger.open(network.bootstrap.addresses)
  t.after(() => author.close())
  const core = author.store.get({ name: 'short' })
  await core.ready()
  const blocks = randomBlocks([BYTES])
  await core.append(blocks)
  await author.join(core, { server: true, client: false })
  const key = core.key.toString('hex')

  const [{ host, port }] = network.bootstrap.addresses as [{ host: string; port: number }]
  const { storage } = network.config('supporter')
  const keys = await result(['keys', 'new', '--storage', storage])
  await network.supporter.submit({ call: 'transfer', to: String(keys['account']), amount: 100n * DAT })
  const flags = ['--storage', storage, '--host', '127.0.0.1', '--bootstrap', `${host}:${port}`]
  const chain = ['--chain', network.config('supporter').chain[0] ?? '']
  const pin = ['supporter', 'pin', key, '--copies', '1', '--donate', '50', '--watch', '--json']
  const supporter = start(t, [...pin, ...flags, ...chain])
  const notes = (pattern: RegExp): Promise<Line> =>
    supporter.line(line => line.type === 'status' && pattern.test(String(line['notes'])))

  await t.test('no pinner', async () => {
    await notes(/slot 0 waits for a first pinner: \d+ draws found too few/)
  })
  await t.test('no pinner with room for it', async () => {
    await provider(network, 'pinner-1').start()
    await notes(/slot 0 waits for a pinner with 29\d\.\d KiB free and no part in this core: \d+ draws/)
  })
  await t.test('no signer', async () => {
    await provider(network, 'pinner-2').start()
    await notes(/slot 0 waits for a first signer: \d+ draws found too few/)
  })
  await t.test('a one-shot status says the same, as text', async () => {
    const status = start(t, ['supporter', 'status', key, ...flags.with(1, `${storage}-2`), ...chain])
    assert.match((await status.ended).stdout.toString(), /waits for a first signer: \d+ draws found too few/)
  })
  await t.test('nobody but one who would be both', async () => {
    await offer(network, 'pinner-2', ['pinner', 'signer'])
    await notes(/slot 0 waits for a signer that is no pinner of this core: \d+ draws/)
    await offer(network, 'pinner-2', ['pinner'])
  })
  await t.test('a pinner with too little room for the set-up gives it back with the reason', async () => {
    const declined = network.told('pinner-2', event => event.type === 'declined')
    await provider(network, 'signer-1').start()
    const event = await declined
    assert.match(event.type === 'declined' ? event.reason : '', /does not fit into the capacity/)
  })
  await t.test('the copy is made by who has room, without verifiers nothing counts as served', async () => {
    await provider(network, 'pinner-3').start()
    const { copy, firstPeriod } = await firstActive(network, key)
    const pinner = (await (await network.client.snapshot()).copy(copy))?.pinner
    assert.equal(pinner, provider(network, 'pinner-3').identity.account)
    await notes(/a check takes 1 verifiers and there are 0: no period counts as served/)
    await provider(network, 'verifier-1').start()
    await servedPeriod(network, copy, firstPeriod)
  })
  const { code, stderr } = await supporter.stop('SIGINT')
  assert.equal(code, 0, stderr)
})
