import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { testFiles } from './test-files.ts'

const USAGE = `Usage: npm run test:long -- [part of a file's path ...]

Runs the tests in their long form, one file after the other: hours of work, where npm test does minutes.
Without a part it runs all files. Example: npm run test:long -- fuzz dev-chain/long
`

const parts = process.argv.slice(2)
if (parts.some(part => part.startsWith('-'))) process.stdout.write(USAGE)
else {
  const args = ['--test', '--test-concurrency=1', ...testFiles(parts)]
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, DATDOT_LONG: '1' }
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
  })
}
