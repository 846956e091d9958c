import assert from 'node:assert/strict'
import test from 'node:test'
import { CopyBook } from '../../roles/copies.ts'
import type { ChainEvent } from '../../src/domain/chain-events.ts'
import type { CopyView } from '../../src/domain/view.ts'
import { copyView, ME, OTHER, spanView } from '../helpers/views.ts'

/** A chain of copies that can be changed. */
function chain(...copies: CopyView[]) {
  const state = new Map(copies.map(copy => [copy.id, copy]))
  const reads: bigint[] = []
  return {
    state,
    reads,
    copies: async function* () {
      yield* state.values()
    },
    copy: async (id: bigint) => {
      reads.push(id)
      return state.get(id) ?? null
    }
  }
}

const mine = (copy: CopyView) => copy.pinner === ME && copy.state !== 'Ended'
const head = (...events: ChainEvent[]) => ({ height: 1, events, pruned: false })
const ids = (book: CopyBook) => book.copies.map(copy => copy.id)
const assigned = (copy: bigint): ChainEvent => ({
  event: 'CopyAssigned',
  copy,
  core: '',
  slot: 0,
  request: 0n,
  pinner: ME,
  spans: []
})

test('copy book - holds at first what concerns it', async () => {
  const book = new CopyBook(
    chain(copyView({ id: 1n, pinner: ME }), copyView({ id: 2n, pinner: OTHER })),
    mine
  )
  await book.load()
  assert.deepEqual(ids(book), [1n])
})

test('copy book - takes in a copy when it is assigned and reads nothing else', async () => {
  const source = chain(copyView({ id: 1n, pinner: ME }))
  const book = new CopyBook(source, mine)
  await book.load()
  source.state.set(2n, copyView({ id: 2n, pinner: ME, spans: [spanView({ number: 1, copyId: 2n })] }))
  const changed = await book.apply(head(assigned(2n), { event: 'Proved', copy: 1n, period: 3 }))
  assert.deepEqual(
    changed.map(copy => copy.id),
    [2n]
  )
  assert.deepEqual(ids(book), [1n, 2n])
  assert.deepEqual(source.reads, [2n])
})

test('copy book - reads a copy again when one of its spans changes', async () => {
  const source = chain(copyView({ id: 1n, pinner: ME }))
  const book = new CopyBook(source, mine)
  await book.load()
  source.state.set(1n, copyView({ id: 1n, pinner: ME, spans: [spanView({ state: 'Keyed' })] }))
  await book.apply(
    head(
      { event: 'SpanKeyed', span: 10n, tag: new Uint8Array(32) },
      { event: 'SpanKeyed', span: 99n, tag: new Uint8Array(32) }
    )
  )
  assert.equal(book.copies[0]?.spans[0]?.state, 'Keyed')
  assert.deepEqual(source.reads, [1n])
})

test('copy book - forgets a copy that ended or is gone', async () => {
  const source = chain(copyView({ id: 1n, pinner: ME }), copyView({ id: 2n, pinner: ME }))
  const book = new CopyBook(source, mine)
  await book.load()
  source.state.set(1n, copyView({ id: 1n, pinner: ME, state: 'Ended' }))
  source.state.delete(2n)
  const changed = await book.apply(
    head(
      { event: 'CopyEnded', copy: 1n, reason: 'Unwanted' },
      { event: 'CopyEnded', copy: 2n, reason: 'Unwanted' }
    )
  )
  assert.deepEqual(ids(book), [])
  assert.deepEqual(
    changed.map(copy => copy.state),
    ['Ended']
  )
})

test('copy book - a second load drops what is no longer there', async () => {
  const source = chain(copyView({ id: 1n, pinner: ME }))
  const book = new CopyBook(source, mine)
  await book.load()
  source.state.clear()
  source.state.set(3n, copyView({ id: 3n, pinner: ME }))
  await book.load()
  assert.deepEqual(ids(book), [3n])
})
