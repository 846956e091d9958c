import { test } from 'node:test'
import { scaled } from '../helpers/long.ts'
import { LARGEST, SIZES } from './shapes.ts'
import { wholeJob } from './whole-job.ts'

const SPAN_TARGET = 16_384

test(
  'sizes - cores of one byte, of many and of empty blocks, and big ones, are pinned and read',
  { timeout: scaled(240_000, 3_600_000) },
  t => wholeJob(t, SIZES, { spanTarget: SPAN_TARGET, blockTimeMs: scaled(200, 1_200) })
)

// A verifier gives a sample a third of what is left of its period: here the sample is one block, and to be decoded first.
test('sizes - the largest block is pinned and read', { timeout: 240_000 }, t =>
  wholeJob(t, LARGEST, { spanTarget: SPAN_TARGET, blockTimeMs: 800 })
)
