import assert from 'node:assert/strict'
import test from 'node:test'
import { is, nextServed } from '../helpers/job.ts'
import { isLong } from '../helpers/long.ts'
import { assertAccounts, assertSentOnce } from './accounts.ts'
import {
  assertReadBack,
  type Death,
  liveThrough,
  MOMENTS,
  openStage,
  type Stage,
  type StageOptions,
  type Victim
} from './killed-job.ts'

/** Two periods that are proved, served and paid from now on. */
async function goesOn({ log }: Stage): Promise<void> {
  const { copy } = await log.event(is('CopyActive'))
  const first = await nextServed(log, copy)
  await nextServed(log, copy, first)
}

/** Every process closes in order; the chain stays, so that its books can be read. */
async function closeAll({ mortals }: Stage): Promise<void> {
  const rest = [...mortals.values()].filter(({ name }) => name !== 'chain')
  for (const { name, now } of rest) {
    const { code, stderr } = await now.stop()
    assert.equal(code, 0, `${name}: ${stderr}`)
  }
}

/** CI's: each kind of process at least once, the most delicate ones twice. */
const ONCE_EACH: Death[] = [
  ['verifier', 'registered'],
  ['supporter', 'as the donation is in a block'],
  ['signer', 'assigned'],
  ['signer', 'in the middle of encoding'],
  ['pinner', 'in the middle of the transfer'],
  ['chain', 'sealed'],
  ['supporter', 'sealed'],
  ['verifier', 'between measurement and report'],
  ['pinner', 'between proof and settlement'],
  ['chain', 'between proof and settlement']
]

/** Each kind of process at all of its moments, in one run. */
const allMoments = (victim: Victim) => Object.keys(MOMENTS[victim]).map(moment => [victim, moment] as Death)

const RUNS: [name: string, deaths: Death[], stage: StageOptions][] = [
  ['every kind of process', ONCE_EACH, { bytes: 3_000_000, blockTimeMs: 300 }]
]
if (isLong)
  for (const victim of Object.keys(MOMENTS) as Victim[])
    RUNS.push([`the ${victim} five times`, allMoments(victim), { bytes: 6 * 2 ** 20, blockTimeMs: 500 }])

for (const [name, deaths, options] of RUNS)
  test(`kills - ${name}: whatever its clock says, the job ends well, nothing is sent or paid twice`, {
    timeout: 600_000
  }, async t => {
    const stage = await openStage(t, options)
    await liveThrough(t, stage, deaths)
    await goesOn(stage)
    await assertReadBack(stage)
    await closeAll(stage)
    await assertAccounts(stage)
    assertSentOnce(t, stage)
  })
