import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compact } from '../../src/hyper/compaction.ts'

/** A database whose compactions end when the test says so. */
class Slow {
  readonly ends: (() => void)[] = []
  compactRange = (): Promise<void> => new Promise(resolve => this.ends.push(resolve))
}

test('compaction - however many ask while one runs, one more follows, which all of them wait for', async () => {
  const db = new Slow()
  const first = compact(db)
  const later = [compact(db), compact(db), compact(db)]
  assert.equal(db.ends.length, 1)
  db.ends[0]?.()
  await first
  assert.equal(db.ends.length, 2)
  db.ends[1]?.()
  await Promise.all(later)
  assert.equal(db.ends.length, 2)
  const next = compact(db)
  db.ends[2]?.()
  await next
  assert.equal(db.ends.length, 3)
})

test('compaction - one that failed does not keep the next from running', async () => {
  let isFull = true
  const db = { compactRange: async () => assert.equal(isFull, false) }
  const both = await Promise.allSettled([compact(db), compact(db)])
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected']
  )
  isFull = false
  await compact(db)
})
