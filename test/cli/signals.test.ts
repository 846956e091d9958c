import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { programEnv } from '../helpers/program-env.ts'

const STUBBORN = fileURLToPath(new URL('./stubborn.js', import.meta.url))

interface Running {
  child: ChildProcess
  lines: Interface
  /** Exit code, and all of stderr. */
  end: Promise<{ code: number | null; stderr: string }>
}

/** The real process around a command that behaves as its name says. */
function start(t: TestContext, args: string[], parent: 'listens' | 'waits' = 'waits'): Running {
  const ipc = parent === 'listens' ? (['ipc'] as const) : []
  const child = spawn(process.execPath, [STUBBORN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', ...ipc],
    env: programEnv()
  })
  t.after(() => child.kill('SIGKILL'))
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', chunk => {
    stderr += chunk
  })
  const end = once(child, 'close').then(([code]) => ({ code, stderr }))
  return { child, end, lines: createInterface({ input: child.stdout as NodeJS.ReadableStream }) }
}

async function says(lines: Interface, expected: string): Promise<void> {
  const [line] = await once(lines, 'line')
  assert.equal(line, expected)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`signals - a node that ${signal} stops closes in order and exits with 0`, async t => {
    const { child, lines, end } = start(t, ['node'])
    await says(lines, 'running')
    const closing = says(lines, 'closing')
    child.kill(signal)
    await closing
    assert.deepEqual(await end, { code: 0, stderr: '' })
  })

  test(`signals - a second ${signal} ends what hangs, with 1`, async t => {
    const { child, lines, end } = start(t, ['hang'])
    await says(lines, 'running')
    const closing = says(lines, 'closing')
    child.kill(signal)
    await closing
    child.kill(signal)
    assert.equal((await end).code, 1)
  })
}

test('signals - a job that is stopped exits with 2 and says ABORTED, however deep', async t => {
  const { child, lines, end } = start(t, ['job'])
  await says(lines, 'running')
  child.kill('SIGINT')
  const { code, stderr } = await end
  assert.equal(code, 2)
  assert.match(stderr, /^error ABORTED: .*\n {2}half done\n {2}help: /)
})

test('signals - the end of a parent that listens stops it, once', async t => {
  const { child, lines } = start(t, ['node'], 'listens')
  await says(lines, 'running')
  const exited = once(child, 'exit')
  child.disconnect()
  assert.deepEqual(await exited, [0, null])
})

test('signals - what hangs does not outlive a parent that listens', async t => {
  const { child, lines } = start(t, ['hang'], 'listens')
  await says(lines, 'running')
  const exited = once(child, 'exit')
  child.disconnect()
  assert.deepEqual(await exited, [1, null])
})

test('signals - the end of whoever reads stdout stops it', async t => {
  const { child, lines } = start(t, ['chatter'])
  await says(lines, 'running')
  const exited = once(child, 'exit')
  lines.close()
  child.stdout?.destroy()
  assert.deepEqual(await exited, [0, null])
})

test('signals - a rejection that nobody handled ends it with 1 and INTERNAL', async t => {
  const { code, stderr } = await start(t, ['leak']).end
  assert.equal(code, 1)
  assert.match(stderr, /^error INTERNAL: [\s\S]*nobody caught this/)
})

test('signals - a bug exits with 1 and INTERNAL, and its stack is in the log', async t => {
  const { code, stderr } = await start(t, ['bug']).end
  assert.equal(code, 1)
  assert.match(stderr, /unforeseen failure [\s\S]*stubborn[\s\S]*\nerror INTERNAL: /)
})
