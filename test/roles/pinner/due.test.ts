import assert from 'node:assert/strict'
import test from 'node:test'
import { AT_ONCE, copyBytes, type PinnerRecords, pinnerDue, planProof } from '../../../roles/pinner/due.ts'
import type { CopyView } from '../../../src/domain/view.ts'
import { CORE, copyView, ME, OTHER, spanView } from '../../helpers/views.ts'

const constants = { period: 20, grace: 2 }
const QUOTA = 10_000_000

type Stage = 'plain' | 'agreed' | 'served'

function held(...stages: [bigint, Stage][]): PinnerRecords {
  const spans = stages.map(
    ([id, stage]) => [id, { copyId: 1n, coreKey: CORE, stage, damaged: false }] as const
  )
  const serving = new Set(stages.filter(([, stage]) => stage === 'served').map(([id]) => id))
  return { spans: new Map(spans), plans: new Map(), serving }
}

function due(copy: CopyView, records: PinnerRecords, height = 20, quota = QUOTA): string[] {
  return pinnerDue({ account: ME, height, constants, copies: [copy] }, records, quota).map(action => {
    if ('span' in action) return `${action.kind} ${action.span.id}`
    if ('period' in action) return `${action.kind} ${action.period}`
    if ('periods' in action) return `${action.kind} ${action.periods}`
    return action.kind
  })
}

const setup = (changes = {}) => copyView({ pinner: ME, spans: [spanView({ signer: OTHER, ...changes })] })
const active = (changes: Partial<CopyView> = {}) =>
  copyView({
    pinner: ME,
    state: 'Active',
    spans: [spanView({ signer: OTHER, state: 'Sealed', deadline: null })],
    firstPeriod: 3,
    lastSettled: 2,
    ...changes
  })

function planned(period: number, at: number, done = false): PinnerRecords {
  return { ...held([10n, 'served']), plans: new Map([[`1/${period}`, { at, done }]]) }
}

test('pinner due - fetches the plain blocks of an assigned span before its key is there', () => {
  assert.deepEqual(due(setup(), held()), ['fetch 10'])
  assert.deepEqual(due(setup({ state: 'Keyed' }), held()), ['fetch 10'])
})

test('pinner due - leaves copies of others alone', () => {
  assert.deepEqual(due(copyView({ pinner: OTHER }), held()), [])
})

test('pinner due - waits for the key, then accepts cells, then seals', () => {
  assert.deepEqual(due(setup(), held([10n, 'plain'])), [])
  assert.deepEqual(due(setup({ state: 'Keyed' }), held([10n, 'plain'])), ['accept 10'])
  assert.deepEqual(due(setup({ state: 'Keyed' }), held([10n, 'agreed'])), ['seal 10'])
})

test('pinner due - does not decline a copy past a deadline, and helps to expire it', () => {
  const at = (height: number) => due(setup(), held(), height, 1)
  assert.deepEqual(at(69), ['refuse'])
  assert.deepEqual(at(70), [])
  assert.deepEqual(at(73), ['expire 10'])
})

test('pinner due - serves a sealed span, once', () => {
  assert.deepEqual(due(setup({ state: 'Sealed' }), held([10n, 'agreed'])), ['serve 10'])
  assert.deepEqual(due(setup({ state: 'Sealed' }), held([10n, 'served'])), [])
})

test('pinner due - serves a sealed span again after a restart', () => {
  const records = { ...held([10n, 'served']), serving: new Set<bigint>() }
  assert.deepEqual(due(setup({ state: 'Sealed' }), records), ['serve 10'])
})

test('pinner due - expires a span two blocks after anyone may', () => {
  assert.deepEqual(due(setup(), held([10n, 'plain']), 72), [])
  assert.deepEqual(due(setup(), held([10n, 'plain']), 73), ['expire 10'])
})

test('pinner due - refuses a copy above its quota, and keeps one already begun', () => {
  const bytes = copyBytes(setup()) + 255_000
  assert.deepEqual(due(setup(), held(), 20, bytes - 1), ['refuse'])
  assert.deepEqual(due(setup({ state: 'Keyed' }), held([10n, 'plain']), 20, bytes - 1), ['accept 10'])
})

test('pinner due - fetches spans one after another when the quota has no room for all plain blocks', () => {
  const copy = copyView({ pinner: ME, spans: [spanView(), spanView({ number: 1 })] })
  const quota = copyBytes(copy) + 255_000
  assert.deepEqual(due(copy, held(), 20, quota), ['fetch 10'])
  assert.deepEqual(due(copy, held([10n, 'plain']), 20, quota), [])
  assert.deepEqual(due(copy, held([10n, 'served']), 20, quota), ['fetch 11'])
})

test('pinner due - proves at the planned height, not before and not twice', () => {
  assert.deepEqual(due(active(), planned(3, 65), 64), [])
  assert.deepEqual(due(active(), planned(3, 65), 65), ['prove 3'])
  assert.deepEqual(due(active(), planned(3, 65, true), 66), [])
})

test('pinner due - proves the last period while its grace runs', () => {
  const both = {
    ...held([10n, 'served']),
    plans: new Map([...planned(3, 65).plans, ...planned(4, 89).plans])
  }
  assert.deepEqual(due(active(), both, 81), ['prove 3'])
  assert.deepEqual(due(active(), both, 82), [])
})

test('pinner due - settles what is due for two blocks', () => {
  assert.deepEqual(due(active(), planned(4, 89), 83), [])
  assert.deepEqual(due(active(), planned(4, 89), 84), ['settle 1'])
  assert.deepEqual(due(active({ lastSettled: 3 }), planned(4, 89), 84), [])
})

test('pinner due - does not settle a period before the first of the copy', () => {
  assert.deepEqual(due(active({ firstPeriod: 5 }), held([10n, 'served']), 104), ['plan 5'])
})

for (const state of ['Ended', 'Failed'] as const)
  test(`pinner due - cleans a copy that ${state}`, () => {
    assert.deepEqual(due(copyView({ pinner: ME, state }), held([10n, 'served'])), ['clean'])
    assert.deepEqual(due(copyView({ pinner: ME, state }), held()), [])
  })

test('pinner due - plans each open period of an active copy once', () => {
  assert.deepEqual(due(active(), held([10n, 'served']), 59), [])
  assert.deepEqual(due(active(), held([10n, 'served']), 60), ['plan 3'])
  assert.deepEqual(due(active(), held([10n, 'served']), 81), ['plan 3', 'plan 4'])
  assert.deepEqual(due(active(), planned(3, 61), 60), [])
})

test('pinner due - does not prove a copy with a damaged span', () => {
  const records = held()
  const damaged = new Map([[10n, { copyId: 1n, coreKey: CORE, stage: 'served', damaged: true } as const]])
  assert.deepEqual(due(active(), { ...records, spans: damaged }, 60), [])
})

test('pinner due - waits for the cells of every keyed span, so that silent signers keep nobody out', () => {
  const spans = Array.from({ length: 40 }, (_, number) => spanView({ number, signer: OTHER, state: 'Keyed' }))
  const copy = copyView({ pinner: ME, spans })
  const here = held(...spans.map(span => [span.id, 'plain'] as [bigint, Stage]))
  assert.equal(due(copy, here, 20, 10 * QUOTA).length, 40)
  assert.equal(AT_ONCE.accept, undefined)
})

test('planProof - lies in the first half of the period and not in the past', () => {
  assert.equal(planProof(3, 20, 60, 0).at, 60)
  assert.equal(planProof(3, 20, 60, 0.999999).at, 69)
  assert.equal(planProof(3, 20, 75, 0.5).at, 75)
})

test('pinner due - sets nothing up of a core of which an older copy is not cleaned away yet', () => {
  const older = { copyId: 7n, coreKey: CORE, stage: 'served', damaged: false } as const
  const records = { ...held(), spans: new Map([[70n, older]]) }
  assert.deepEqual(due(setup(), records), ['clean'])
  const other = { ...older, coreKey: 'dd'.repeat(32) }
  assert.deepEqual(due(setup(), { ...records, spans: new Map([[70n, other]]) }), ['clean', 'fetch 10'])
})

test('pinner due - fetches the blocks of spans without bytes, which the chain has sealed at once', () => {
  const empty = spanView({ number: 1, state: 'Sealed', byteLength: 0, signer: null, deadline: null })
  const spans = [spanView({ signer: OTHER }), empty]
  const copy = copyView({ pinner: ME, spans })
  assert.deepEqual(due(copy, held()), ['fetch 11', 'fetch 10'])
  assert.deepEqual(due(copy, held([10n, 'plain'], [11n, 'served'])), [])
  assert.deepEqual(due(copy, held(), 20, 1_000), ['refuse'])
  assert.deepEqual(due(active({ spans: [empty] }), held()).includes('fetch 11'), true)
})

test('pinner due - declines a keyed span whose plain blocks are still not here when its time is nearly over', () => {
  assert.deepEqual(due(setup({ state: 'Keyed' }), held(), 60), ['fetch 10'])
  assert.deepEqual(due(setup({ state: 'Keyed' }), held(), 61), ['refuse'])
  assert.deepEqual(due(setup({ state: 'Keyed' }), held([10n, 'plain']), 61), ['accept 10'])
  assert.deepEqual(due(setup({ state: 'Keyed' }), held(), 70), ['fetch 10'])
})
