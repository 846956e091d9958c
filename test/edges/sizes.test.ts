import { test } from 'node:test'
import { nextServed } from '../helpers/job.ts'
import { scaled } from '../helpers/long.ts'
import { LARGEST, SIZES } from './shapes.ts'
import { wholeJob } from './whole-job.ts'

const SPAN_TARGET = 16_384

test(
  'sizes - cores of one byte, of many and of empty blocks, and big ones, are pinned and read',
  { timeout: scaled(240_000, 3_600_000) },
  t => wholeJob(t, SIZES, { spanTarget: SPAN_TARGET, blockTimeMs: scaled(200, 1_200) })
)

// A sample is one block here, to be decoded first, and has a third of what is left of a period of seconds: it may come too late for some,
// and a copy is not to end of it.
test('sizes - the largest block is pinned and read', { timeout: 480_000 }, t =>
  wholeJob(t, LARGEST, {
    spanTarget: SPAN_TARGET,
    blockTimeMs: 800,
    params: { maxMisses: 20 },
    served: (network, copy, first) => nextServed(network, copy, first - 1)
  })
)
