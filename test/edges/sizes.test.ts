import { test } from 'node:test'
import { scaled } from '../helpers/long.ts'
import { SIZES } from './shapes.ts'
import { wholeJob } from './whole-job.ts'

test(
  'sizes - cores of one byte, of many and of empty blocks, and big ones, are pinned and read',
  { timeout: scaled(240_000, 3_600_000) },
  t => wholeJob(t, SIZES, 16_384)
)
