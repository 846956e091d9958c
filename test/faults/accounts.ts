import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import { is } from '../helpers/job.ts'
import { assertOnce, sum } from './books.ts'
import { feesPaid } from './fees.ts'
import { DONATION, GIFT, mortal, type Stage, SUPPORTER_GIFT } from './killed-job.ts'

/** Bytes between two notes of a signer. */
const NOTE = 2 ** 20
/** A few blocks, which a database had not written out. */
const BLOCKS = 2 ** 19

/** Nothing was made, paid or burned twice, and every planck is accounted for. */
export async function assertAccounts(stage: Stage): Promise<void> {
  const { client, log, core, accounts, lab } = stage
  const { height, hash } = client.finalized()
  const events = await log.upTo(height)
  assert.equal(events.filter(is('CopyAssigned')).length, 1)
  assert.equal(events.filter(is('CopyActive')).length, 1)
  assert.deepEqual(events.filter(is('CopyEnded')), [])
  assert.deepEqual(
    events.filter(is('Donated')).map(({ amount }) => amount),
    [DONATION * DAT]
  )
  assertOnce(events)
  const minted = sum(events.filter(is('Settled')).map(one => one.minted))
  const at = await client.snapshot(hash)
  const totals = await at.totals()
  assert.equal(totals.minted, minted)
  assert.equal(totals.burnedForWork, minted)
  assert.equal((await at.pot(core))?.balance, DONATION * DAT - minted)
  const fees = await feesPaid(lab.chain, height)
  const paid = events.filter(is('Paid'))
  for (const [name, account] of Object.entries(accounts)) {
    const { free, held } = await at.balance(account)
    const earned = sum(paid.filter(({ who }) => who === account).map(({ amount }) => amount))
    const given = name === 'supporter' ? SUPPORTER_GIFT - DONATION : GIFT
    assert.equal(free + held, given * DAT + earned - (fees.get(account) ?? 0n), name)
  }
}

/** Over all its lives a process goes on where it stopped: nothing that the pinner acknowledged comes twice, of the rest no more than was not noted yet. */
export function assertSentOnce(t: TestContext, stage: Stage): void {
  for (const [name, step, lost] of [
    ['pinner', 'transfer', 0],
    ['pinner', 'download', BLOCKS],
    ['signer', 'encode', NOTE],
    ['signer', 'download', BLOCKS]
  ] as const) {
    const done = new Map<string, number>()
    for (const life of mortal(stage, name).said(step)) {
      const first = new Map(life.toReversed().map(line => [String(line['span']), Number(line['bytes'])]))
      for (const [span, bytes] of first) {
        const before = done.get(span) ?? 0
        if (before > 0)
          t.diagnostic(`${name}: ${step} of span ${span} told ${before} bytes, after the kill ${bytes}`)
        assert.ok(
          bytes >= before - lost,
          `${name}: ${step} of span ${span} began at ${bytes} after ${before}`
        )
      }
      for (const line of life) done.set(String(line['span']), Number(line['bytes']))
    }
  }
}
