import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { connect } from '../../../src/chain-client/client.ts'
import type { Chain } from '../../../src/chain-client/types.ts'
import { DAT } from '../../../src/domain/amounts.ts'
import { quote } from '../../../src/domain/quote.ts'
import { Lab, noise } from './lab.ts'
import { failure, Program, result, start } from './program.ts'
import { Stranger } from './stranger.ts'

const BYTES = 5_000
const BLOCK_MS = 200

let lab: Lab
let chain: Chain
let core: string
/** How a supporter ends whose chain does not answer: the connection is tried for a while, so it begins first. */
let lost: ReturnType<typeof failure>

before(async () => {
  lab = await Lab.open()
  const nowhere = ['--host', '127.0.0.1', '--chain', 'ws://127.0.0.1:9', '--bootstrap', '127.0.0.1:9']
  lost = failure(['supporter', 'status', '--storage', lab.path('lost'), ...nowhere])
  lost.catch(() => undefined)
  await Promise.all([lab.startChain(BLOCK_MS), writeFile(lab.path('content'), noise(BYTES, 'supporter'))])
  const author = lab.start('author', ['author', 'publish', lab.path('content'), '--block-size', '1000'])
  chain = await connect({ urls: [lab.chain] })
  await lab.fund({ rich: 500n, donor: 100n, poor: 2n })
  core = String((await author.says('core'))['core'])
})
after(async () => {
  await chain.close()
  await lab.close()
})

const as = (name: string, ...words: string[]) => ['supporter', ...words, ...lab.flags(name)]
const spendable = async (name: string) => {
  const { account } = await result(['keys', 'show', '--storage', lab.path(name)])
  return (await (await chain.snapshot()).balance(String(account))).spendable
}

async function expectedQuote(copies: number, amount: bigint) {
  const params = await (await chain.snapshot()).params()
  const { lasts, ...all } = quote(chain.constants, params, { byteLength: BYTES, copies, amount })
  const text = (value: unknown): unknown =>
    typeof value === 'bigint' ? String(value) : value && typeof value === 'object' ? texts(value) : value
  const texts = (values: object) => Object.fromEntries(Object.entries(values).map(([k, v]) => [k, text(v)]))
  return { type: 'result', core, ...texts(all), lasts: text(lasts) }
}

test('supporter - before anything is published', async t => {
  await t.test('a quote reads the size from the swarm and agrees with the rules', async () => {
    const given = await result(as('donor', 'quote', core, '--copies', '2', '--donate', '40'))
    assert.deepEqual(given, await expectedQuote(2, 40n * DAT))
  })

  await t.test('status says that the core is not published', async () => {
    const status = await result(as('donor', 'status', core))
    assert.equal(status['published'], null)
    assert.match(String(status['notes']), /not published on this chain: pin it first/)
  })

  await t.test('a donation, a wish and a reclaim for it are refused', async () => {
    const refusals: [string[], string, RegExp][] = [
      [['donate', core, '--amount', '5'], 'CALL_REFUSED', /UnknownCore/],
      [['wish', core, '--copies', '1'], 'CALL_REFUSED', /UnknownCore/],
      [['reclaim', core], 'NOT_FOUND', /no share/]
    ]
    for (const [words, code, message] of refusals) {
      const error = await failure(as('donor', ...words))
      assert.equal(error['code'], code)
      assert.match(String(error['message']), message)
    }
  })

  for (const [amount, code, message] of [
    ['0', 'BAD_AMOUNT', /least donation is 1 DAT, not 0 DAT/],
    ['0.999999999999', 'BAD_AMOUNT', /least donation is 1 DAT/],
    ['100', 'FUNDS_LOW', /too little for 100 DAT and the deposit of 1 DAT for publishing/],
    ['1e6', 'BAD_AMOUNT', /not an amount/],
    ['-5', 'BAD_AMOUNT', /--donate/],
    ['340282366920938463463374608', 'BAD_AMOUNT', /more than the chain can hold/]
  ] as const)
    await t.test(`a donation of ${amount} is refused, and nothing is published for it`, async () => {
      const error = await failure(as('donor', 'pin', core, `--donate=${amount}`, '--no-wait'))
      assert.equal(error['code'], code)
      assert.match(String(error['message']), message)
      assert.ok(error['help'])
      assert.equal(await (await chain.snapshot()).core(core), null)
    })

  await t.test('too many copies are refused', async () => {
    const error = await failure(as('donor', 'pin', core, '--donate', '5', '--copies', '17'))
    assert.equal(error['code'], 'BAD_ARGUMENT')
  })

  await t.test('an account with nothing left for the fee is told so', async () => {
    const error = await failure(as('penniless', 'pin', core, '--donate', '1', '--no-wait'))
    assert.equal(error['code'], 'FUNDS_LOW')
    assert.match(String(error['message']), /has 0 DAT to spend/)
  })
})

test('supporter pin - an empty core, and one of an unsupported kind, are refused with the reason', async t => {
  const stranger = await Stranger.open(lab.bootstrap)
  t.after(() => stranger.close())
  const empty = stranger.store.get({ name: 'empty' })
  const keyPair = await stranger.store.createKeyPair('patched')
  const manifest = { version: 1, allowPatch: true, signers: [{ publicKey: keyPair.publicKey }] }
  const patched = stranger.store.get({ keyPair, manifest: manifest as never })
  await patched.ready()
  await patched.append([noise(10, 'patched')])
  for (const [kind, code] of [
    [empty, 'CORE_EMPTY'],
    [patched, 'CORE_UNSUPPORTED']
  ] as const) {
    await kind.ready()
    await stranger.join(kind, { server: true, client: false })
    const error = await failure(as('donor', 'pin', kind.key.toString('hex'), '--donate', '5', '--no-wait'))
    assert.equal(error['code'], code)
  }
})

test('supporter pin - a core that nobody serves is waited for; Ctrl-C is exit 2', async t => {
  const words = ['pin', 'ef'.repeat(32), '--donate', '5', '--no-wait', '--json']
  const supporter = start(t, as('donor', ...words))
  assert.equal((await supporter.says('waiting'))['for'], 'a peer that serves the core')
  assert.equal((await supporter.stop('SIGINT')).code, 2)
})

test('supporter - publish, donate, wish, status, reclaim', async t => {
  await t.test('pin --no-wait publishes and donates', async () => {
    const pin = start(t, [
      ...as('donor', 'pin', core, '--donate', '40', '--copies', '2', '--no-wait'),
      '--json'
    ])
    assert.equal((await pin.ended).code, 0)
    assert.equal((await pin.says('published'))['byteLength'], BYTES)
    assert.equal((await pin.says('donated'))['amount'], String(40n * DAT))
    const status = await result(as('donor', 'status', core))
    assert.equal((status['pot'] as { balance: string }).balance, String(40n * DAT))
    assert.equal((status['share'] as { wish: number }).wish, 2)
    assert.equal((status['requests'] as unknown[]).length, 2)
  })

  await t.test('a quote of a published core needs no peer and is the same', async () => {
    const offline = ['--bootstrap', '127.0.0.1:9', '--host', '127.0.0.1', '--chain', lab.chain]
    const args = ['supporter', 'quote', core, '--copies', '3', '--donate', '12.5']
    const given = await result([...args, ...offline, '--storage', lab.path('donor')])
    assert.deepEqual(given, await expectedQuote(3, 12_500_000_000_000n))
  })

  await t.test('a second donor donates, keeps its wish, and the pot adds up', async () => {
    const first = await result(as('rich', 'donate', core, '--amount', '10', '--copies', '2'))
    assert.equal((first['pot'] as { balance: string }).balance, String(50n * DAT))
    const second = await result(as('rich', 'donate', core, '--amount', '1.5'))
    assert.equal((second['share'] as { wish: number }).wish, 2)
    assert.equal((second['pot'] as { holders: number }).holders, 2)
  })

  await t.test('pinning again what is published donates more', async () => {
    const pin = start(t, [
      ...as('donor', 'pin', core, '--donate', '2', '--copies', '2', '--no-wait'),
      '--json'
    ])
    assert.equal((await pin.ended).code, 0)
    assert.equal((await (await chain.snapshot()).pot(core))?.balance, 53_500_000_000_000n)
  })

  await t.test('more than the balance, or less than the least, is refused', async () => {
    const more = await failure(as('poor', 'donate', core, '--amount', '3'))
    assert.equal(more['code'], 'FUNDS_LOW')
    assert.match(String(more['message']), /too little for 3 DAT$/)
    assert.equal((await failure(as('poor', 'donate', core, '--amount', '0.5')))['code'], 'BAD_AMOUNT')
  })

  await t.test('it waits with a sentence while there are no providers', async () => {
    const watch = new Program([...as('donor', 'status', core, '--watch'), '--json'])
    const status = await watch.line(line => /waits for a first pinner/.test(String(line['notes'])))
    assert.match(String(status['notes']), /slot 0 waits for a first pinner: \d+ draws found too few/)
    assert.equal((await watch.stop('SIGINT')).code, 0)
  })

  await t.test('status without a core lists what the account supports, as text too', async () => {
    const all = await result(as('rich', 'status'))
    assert.deepEqual(
      (all['cores'] as { core: string }[]).map(one => one.core),
      [core]
    )
    const { stdout } = await new Program(as('rich', 'status')).ended
    const text = stdout.toString()
    assert.match(text, new RegExp(`core ${core}, block \\d+, period \\d+\n`))
    assert.match(text, /\npot {2}53\.5 DAT, 0 DAT locked, 2 copies wanted/)
    assert.match(text, /\nyou {2}.* worth 11\.5 DAT, wish for 2 copies/)
    const { stdout: none } = await new Program(as('poor', 'status')).ended
    assert.equal(none.toString(), 'this account supports no core\n')
  })

  await t.test('reclaim is refused while requests are left, and says what to do', async () => {
    const error = await failure(as('rich', 'reclaim', core))
    assert.equal(error['code'], 'CALL_REFUSED')
    assert.match(
      String(error['message']),
      /0 copies and 2 requests .*`datdot supporter wish [0-9a-f]{64} --copies 0`/
    )
  })

  await t.test('with no copies wanted every donor is paid its part, and the deposit comes back', async () => {
    await result(as('donor', 'wish', core, '--copies', '0'))
    const wished = await result(as('rich', 'wish', core, '--copies', '0'))
    const share = wished['share'] as { wish: number; value: string }
    assert.equal(share.wish, 0)
    const pot = BigInt((wished['pot'] as { balance: string }).balance)
    // A request that is taken back costs the pot a set-up fee, which all shares bear.
    assert.ok(pot <= 53_500_000_000_000n && pot > 53n * DAT, `${pot} in the pot`)
    const before = await spendable('rich')
    const reclaim = start(t, [...as('rich', 'reclaim', core), '--json'])
    assert.equal((await reclaim.ended).code, 0)
    const paid = BigInt(String((await reclaim.says('reclaimed'))['amount']))
    assert.equal(paid, BigInt(share.value))
    assert.equal(paid, (pot * 115n) / 535n)
    const fee = before + paid - (await spendable('rich'))
    assert.ok(fee > 0n && fee < DAT / 10n, `the fee was ${fee}`)
    const last = start(t, [...as('donor', 'reclaim', core), '--json'])
    assert.equal((await last.ended).code, 0)
    assert.equal((await last.says('reclaimed'))['amount'], String(pot - paid))
    assert.equal((await last.says('reaped'))['deposit'], String(DAT))
    assert.equal(await (await chain.snapshot()).core(core), null)
  })

  await t.test('a second reclaim has nothing to take', async () => {
    assert.equal((await failure(as('rich', 'reclaim', core)))['code'], 'NOT_FOUND')
  })
})

test('supporter - a chain that is not there is told of', async () => {
  assert.equal((await lost)['code'], 'CHAIN_UNREACHABLE')
})
