import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Output, type Sink } from '../../src/cli/output.ts'
import { TestnetView } from '../../src/cli/testnet-view.ts'
import { systemClock } from '../../src/clock.ts'
import type { CopyStatus, CoreStatus } from '../../src/node/supporter.ts'
import { Ledger } from '../../src/node/testnet/ledger.ts'

class Lines implements Sink {
  readonly isTTY = false
  written = ''

  write(text: string | Uint8Array): boolean {
    this.written += text
    return true
  }

  /** What was written since the last call. */
  take(): string[] {
    const lines = this.written.split('\n').slice(0, -1)
    this.written = ''
    return lines
  }
}

const SPAN = { span: 1n, signer: 'b', state: 'Sealed', byteLength: 100 } as const

const ACTIVE: CopyStatus = {
  copy: 1n,
  slot: 0,
  state: 'Active',
  pinner: 'a',
  pinnerPpm: 250_000,
  spans: [SPAN],
  firstPeriod: 3,
  lastSettled: 2,
  proved: null,
  faults: 0,
  misses: 0,
  unfunded: 0
}

function make() {
  const stdout = new Lines()
  const output = new Output({ stdout, stderr: new Lines(), json: false, clock: systemClock })
  const nameOf = (account: string) => ({ a: 'pinner-1', b: 'signer-1' })[account] ?? account
  const view = new TestnetView(output, { ledger: new Ledger(), copies: 1, nameOf, logs: 'logs' })
  let height = 0
  const show = (period: number, change: Partial<CopyStatus>): string[] => {
    const status: CoreStatus = {
      height: height++,
      period,
      core: 'c',
      published: null,
      pot: null,
      share: null,
      requests: [],
      copies: [{ ...ACTIVE, ...change }],
      ending: 0,
      periodsLeft: null,
      notes: []
    }
    view.status(status)
    return stdout.take()
  }
  return { show }
}

test('testnet view - in a pipe a copy has a whole line at each new state, proof and settlement', () => {
  const { show } = make()
  const setup: Partial<CopyStatus> = {
    state: 'Setup',
    firstPeriod: null,
    spans: [{ ...SPAN, state: 'Keyed' }]
  }
  assert.deepEqual(show(2, setup), ['copy 1  Setup   pinner-1  R 25.0 %  0 of 1 spans sealed  signer-1'])
  assert.deepEqual(show(2, {}), ['copy 1  Active  pinner-1  R 25.0 %  first period 3  signer-1'])
  assert.deepEqual(show(3, { proved: true }), [
    'copy 1  Active  pinner-1  R 25.0 %  proved, first period 3  signer-1'
  ])
  assert.deepEqual(show(4, { proved: false, lastSettled: 3, pinnerPpm: 400_000 }), [
    'copy 1  Active  pinner-1  R 40.0 %  to prove, settled to period 3  signer-1'
  ])
})

test('testnet view - in a pipe nothing is said of a copy at blocks without news', () => {
  const { show } = make()
  assert.equal(show(3, { proved: true }).length, 1)
  assert.deepEqual(show(3, { proved: true }), [])
  assert.deepEqual(show(4, { proved: false }), [], 'a new period is no proof')
  assert.equal(show(4, { proved: true }).length, 1, 'the next proof is')
  assert.deepEqual(show(4, { proved: true, pinnerPpm: 260_000 }), [])
})
