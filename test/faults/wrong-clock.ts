import { WallClock } from './wall-clock.ts'

/** Loaded before a program: its wall clock is wrong by so many milliseconds. */
new WallClock().jump(Number(process.env['TEST_CLOCK_MS']))
