import assert from 'node:assert/strict'
import test from 'node:test'
import { unlessAborted } from '../../src/hyper/abort.ts'
import { Deferred } from '../wire/helpers.ts'

test('unlessAborted - waits for the work, and fails with it', async () => {
  const { signal } = new AbortController()
  const work = new Deferred()
  const waiting = unlessAborted(work.promise, signal)
  work.resolve()
  await waiting
  await assert.rejects(unlessAborted(Promise.reject(new Error('no')), signal), /no/)
  await assert.rejects(unlessAborted(Promise.reject(new Error('no'))), /no/)
})

test('unlessAborted - an abort ends the waiting, and what the work fails with later is of no interest', async () => {
  const abort = new AbortController()
  const work = new Deferred()
  const waiting = unlessAborted(work.promise, abort.signal)
  abort.abort()
  await waiting
  await unlessAborted(work.promise, abort.signal)
  work.reject(new Error('nobody hears this'))
  await assert.rejects(work.promise)
})
