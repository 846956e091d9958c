import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { parseArgs } from 'node:util'
import { runProgram, testFiles } from './test-files.ts'

const USAGE = `Usage: npm run test:long -- [part of a file's path ...]

Runs the tests in their long form, one file after the other: hours of work, where npm test does minutes.
Without a part it runs all files. Example: npm run test:long -- fuzz dev-chain/long
`

function runLong(): void {
  const options = { help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  if (values.help) return void process.stdout.write(USAGE)
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...testFiles(positionals)], {
    stdio: 'inherit',
    env: { ...process.env, DATDOT_LONG: '1' }
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
  })
}

await runProgram(USAGE, runLong)
