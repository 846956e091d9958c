import assert from 'node:assert/strict'
import test from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import { vectorCore } from '../chain-client/local-chain.ts'
import { Stage } from './stage.ts'

const FACTS = vectorCore('v1 default, one block')
const CORE = FACTS.key

test('donors - whoever gives and takes back often gains nothing, and each has its part to the planck', async t => {
  const stage = await Stage.open(t, { signer: 0, pinner: 0, verifier: 0, other: 3 })
  const [victim, greedy, late] = stage.people.other
  assert.ok(victim && greedy && late)
  await stage.submit(victim, { call: 'publish', facts: FACTS })
  const pot = async () => (await (await stage.now()).pot(CORE))?.balance ?? 0n
  const start = new Map<string, bigint>()
  for (const { account } of stage.people.other) start.set(account, await stage.money(account))
  let fees = 0n
  const give = async (who: typeof victim, amount: bigint) => {
    const { feePaid } = await stage.submit(who, { call: 'donate', core: CORE, amount, wish: 0 })
    if (who === greedy) fees += feePaid
  }
  const take = async (who: typeof victim) => {
    const { feePaid, events } = await stage.submit(who, { call: 'reclaim', core: CORE })
    if (who === greedy) fees += feePaid
    const back = events.find(event => event.event === 'Reclaimed')
    return back?.event === 'Reclaimed' ? back.amount : -1n
  }
  await give(victim, 100n * DAT)
  for (let round = 1n; round <= 6n; round++) {
    const amount = DAT + round * 7_777_777n
    await give(greedy, amount)
    if (round % 2n === 0n) await give(late, 3n * DAT)
    assert.equal(await take(greedy), amount, 'nothing was burned, so all of it comes back and not more')
  }
  assert.equal(await pot(), 109n * DAT)
  assert.equal((start.get(greedy.account) ?? 0n) - (await stage.money(greedy.account)), fees)
  assert.equal(await stage.refusal(greedy, { call: 'reclaim', core: CORE }), 'NoShare')
  assert.equal(await take(late), 9n * DAT)
  assert.equal(await take(victim), 100n * DAT)
  assert.equal(await pot(), 0n)
})

test('donors - a minority of the shares with the greatest wish moves the copies by its part, and pays it', async t => {
  const stage = await Stage.open(t, { signer: 2, pinner: 3, verifier: 0, other: 2 })
  const [modest, loud] = stage.people.other
  assert.ok(modest && loud)
  await stage.registerAll()
  await stage.submit(modest, { call: 'publish', facts: FACTS })
  await stage.submit(modest, { call: 'donate', core: CORE, amount: 200n * DAT, wish: 0 })
  await stage.submit(loud, { call: 'donate', core: CORE, amount: 14n * DAT, wish: 16 })
  const wanted = async () => (await (await stage.now()).pot(CORE))?.wanted
  assert.equal(await wanted(), 1, '14 · 16 / 214')
  // However often it asks, and whatever else it asked for before.
  for (const wish of [0, 16, 3, 16]) await stage.submit(loud, { call: 'setWish', core: CORE, wish })
  assert.equal(await wanted(), 1)
  const [copy] = await stage.drawn(CORE, 1)
  assert.ok(copy)
  // The signer lets the time for its key pass: the pot pays for that.
  await stage.mineTo((copy.spans[0]?.deadline ?? 0) + 2)
  await stage.submit(loud, { call: 'setWish', core: CORE, wish: 0 })
  const at = await stage.now()
  const { fees } = await at.totals()
  assert.ok(fees >= DAT / 10n)
  const [one, two] = [await at.shares(CORE, modest.account), await at.shares(CORE, loud.account)]
  const total = 214n * DAT
  const left = total - fees
  assert.equal(one?.value, (left * 200n * DAT) / total)
  assert.equal(two?.value, (left * 14n * DAT) / total)
})
