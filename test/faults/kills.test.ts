import assert from 'node:assert/strict'
import test from 'node:test'
import { is } from '../helpers/job.ts'
import { assertAccounts, assertSentOnce } from './accounts.ts'
import { assertReadBack, type Death, liveThrough, openStage, type Stage } from './killed-job.ts'

const PERIODS = 2

/** Periods that are proved, served and paid from now on. */
async function goesOn({ log, client }: Stage): Promise<void> {
  const { period: length } = client.constants
  let after = Math.floor(client.finalized().height / length)
  for (let whole = 0; whole < PERIODS; whole++) {
    const settled = await log.event(
      is('Settled', one => one.period > after && one.proved && one.verdict === 'Served')
    )
    after = settled.period
  }
}

/** Every process closes in order, the chain last. */
async function closeAll({ mortals }: Stage): Promise<void> {
  const rest = [...mortals.values()].filter(({ name }) => name !== 'chain')
  for (const { name, now } of rest) {
    const { code, stderr } = await now.stop()
    assert.equal(code, 0, `${name}: ${stderr}`)
  }
}

const SHORT: Death[] = [
  ['verifier', 'registered'],
  ['supporter', 'between publishing and donating'],
  ['signer', 'assigned'],
  ['signer', 'in the middle of encoding'],
  ['pinner', 'in the middle of the transfer'],
  ['chain', 'sealed'],
  ['verifier', 'between measurement and report'],
  ['pinner', 'between proof and settlement'],
  ['chain', 'between proof and settlement']
]

test('kills - the job ends well whatever is killed on the way', { timeout: 400_000 }, async t => {
  const stage = await openStage(t, 1.2 * 2 ** 20, 300)
  await liveThrough(t, stage, SHORT)
  await goesOn(stage)
  await assertReadBack(stage)
  await closeAll(stage)
  await assertAccounts(stage)
  assertSentOnce(stage)
})
