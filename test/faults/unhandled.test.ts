import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { programEnv } from '../helpers/program-env.ts'

const LEAKING = fileURLToPath(new URL('./unhandled.js', import.meta.url))

test('unhandled - a test fails on a rejection that nobody handled', async () => {
  const ended = await new Promise<{ code: unknown; stdout: string }>(resolve => {
    execFile(process.execPath, ['--test', LEAKING], { env: programEnv() }, (error, stdout) =>
      resolve({ code: error === null ? 0 : error.code, stdout })
    )
  })
  assert.equal(ended.code, 1)
  assert.match(ended.stdout, /nobody caught this[\s\S]*unhandledRejection/)
})
