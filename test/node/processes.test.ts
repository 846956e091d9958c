import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Processes } from '../../src/node/testnet/processes.ts'
import { tempFolder } from '../helpers/folder.ts'
import { programEnv } from '../helpers/program-env.ts'

const PROGRAM = fileURLToPath(new URL('../cli/stubborn.js', import.meta.url))

test('processes - a command that is run after the abort is stopped, and not waited for without end', async t => {
  const processes = new Processes({ program: PROGRAM, env: programEnv(), logs: await tempFolder(t) })
  const { lines } = await processes.run('reader', ['node'], AbortSignal.abort())
  assert.deepEqual(lines, [])
  assert.equal(processes.pidOf('reader'), null)
})
