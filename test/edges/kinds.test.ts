import { test } from 'node:test'
import { KINDS, LENGTHS } from './shapes.ts'
import { wholeJob } from './whole-job.ts'

test(
  'kinds - cores of every manifest, forked ones, and of lengths around powers of two are pinned and read',
  { timeout: 240_000 },
  t => wholeJob(t, [...KINDS, ...LENGTHS], { spanTarget: 4_096, blockTimeMs: 200 })
)
