import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { connect } from '../../src/chain-client/client.ts'
import { Lab, noise } from '../e2e/cli/lab.ts'
import { failure, start } from '../e2e/cli/program.ts'
import { Stranger } from '../e2e/cli/stranger.ts'
import { setParams } from '../helpers/admin.ts'

const NOBODYS = 'ef'.repeat(32)

let lab: Lab
let stranger: Stranger

before(async () => {
  lab = await Lab.open()
  await lab.startChain(200)
  await lab.fund({ donor: 100n })
  stranger = await Stranger.open(lab.bootstrap)
})
after(async () => {
  await stranger.close()
  await lab.close()
})

const supporter = (...words: string[]) => ['supporter', ...words, ...lab.flags('donor')]
const consumer = (name: string, ...words: string[]) => [
  ...['consumer', 'get', ...words, '--out', lab.path(`${name}.out`)],
  ...lab.flags(name)
]

/** Every refusal says what is wrong, in a sentence, and what helps. */
async function refused(args: readonly string[], code: string, message: RegExp, help: RegExp): Promise<void> {
  const error = await failure(args)
  assert.equal(error['code'], code, JSON.stringify(error))
  assert.match(String(error['sentence']), /^[A-Z].*\.$/)
  assert.match(String(error['message']), message)
  assert.match(String(error['help']), help)
}

test('refusals - a key that is none is refused, whichever command it is for', async () => {
  const wrong: [string, string[]][] = [
    ['ab'.repeat(31), ['consumer', 'get', '--out', 'x']],
    [`${'ab'.repeat(32)}0`, ['supporter', 'pin', '--donate', '5']],
    [`${'ab'.repeat(31)}gg`, ['supporter', 'status']],
    ['', ['author', 'append']]
  ]
  await Promise.all(
    wrong.map(([key, [role = '', word = '', ...more]]) => {
      const args = [role, word, key, ...(word === 'append' ? ['file'] : []), ...more]
      return refused(
        [...args, ...lab.flags('keys')],
        'BAD_KEY',
        /^<core>: .*is not a core key/,
        /64 hex digits/
      )
    })
  )
})

test('refusals - a core that nobody serves is given up after the patience that was set', async () => {
  const patient = ['--patience', '1']
  const message = /nobody served the core for 1 s/
  const help = /Check the key/
  await Promise.all([
    refused(supporter('pin', NOBODYS, '--donate', '5', ...patient), 'CORE_UNAVAILABLE', message, help),
    refused(consumer('nobodys', NOBODYS, ...patient), 'CORE_UNAVAILABLE', message, help)
  ])
  await refused(supporter('quote', NOBODYS, ...patient), 'CORE_UNAVAILABLE', message, help)
})

test('refusals - a core of which a block is nowhere is given up after the patience that was set', async () => {
  const core = stranger.store.get({ name: 'holed' })
  await core.ready()
  await core.append([noise(10, 'a'), noise(10, 'b'), noise(10, 'c')])
  await core.core.state.clear(1, 2)
  await stranger.join(core, { server: true, client: false })
  const get = consumer('holed', core.key.toString('hex'), '--patience', '2')
  const met = once(core, 'peer-add')
  await refused(get, 'CORE_UNAVAILABLE', /nobody served the core for 2 s/, /Check the key/)
  await met
})

async function served(name: string, blocks: readonly Buffer[]): Promise<string> {
  const core = stranger.store.get({ name })
  await core.ready()
  await core.append([...blocks])
  await stranger.join(core, { server: true, client: false })
  return core.key.toString('hex')
}

test('refusals - a core of empty blocks alone is refused before anything is paid', async () => {
  const hollow = await served('hollow', [Buffer.alloc(0), Buffer.alloc(0)])
  const pin = supporter('pin', hollow, '--donate', '5', '--no-wait')
  await refused(pin, 'CORE_EMPTY', /no bytes/, /Append something/)
})

test('refusals - wishes that the chain does not take', async t => {
  const core = await served('wished', [noise(100, 'wished')])
  const pin = (copies: string) => supporter('pin', core, '--donate', '5', '--copies', copies, '--no-wait')
  const range = /--copies: .* is not a whole number from/
  const help = /--help/
  await Promise.all([
    refused(pin('0'), 'BAD_ARGUMENT', range, help),
    refused(pin('17'), 'BAD_ARGUMENT', range, help),
    refused(supporter('wish', core, '--copies', '17'), 'BAD_ARGUMENT', range, help)
  ])
  const chain = await connect({ urls: [lab.chain] })
  t.after(() => chain.close())
  await setParams(chain, { maxCopies: 2 })
  await refused(pin('3'), 'BAD_ARGUMENT', /at most 2 copies of a core, not 3/, help)
  assert.equal(await (await chain.snapshot()).core(core), null)
  assert.equal((await start(t, pin('2')).ended).code, 0)
  await refused(supporter('wish', core, '--copies', '3'), 'CALL_REFUSED', /WishTooHigh/, /reason/)
})
