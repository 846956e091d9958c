import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FAST_RUNTIME } from '../../src/dev-chain/index.ts'
import { clientOf, startChain } from './helpers.ts'

const chain = fileURLToPath(new URL('../../../chain/', import.meta.url))
const NAMES = new Set(['Cargo.toml', 'Cargo.lock', 'build.sh', 'neutral-paths.mjs'])

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}

/** The rule of `inputs_hash` in chain/build.sh. */
async function inputsHash(): Promise<string> {
  const files = await readdir(chain, { recursive: true, withFileTypes: true })
  const paths = files
    .filter(file => file.isFile() && (file.name.endsWith('.rs') || NAMES.has(file.name)))
    .map(file => join(file.parentPath, file.name).slice(chain.length))
    .filter(path => !path.includes('/tests/') && !path.startsWith('target/'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const lines = await Promise.all(
    paths.map(async path => `${sha256(await readFile(join(chain, path)))}  ${path}\n`)
  )
  return sha256(lines.join(''))
}

test('artifacts - the committed wasm was built from the committed sources', async () => {
  const recorded = JSON.parse(await readFile(join(chain, 'artifacts/fast.json'), 'utf8'))
  assert.equal(recorded.inputs, await inputsHash(), 'run chain/build.sh and commit what it writes')
  assert.equal(recorded.wasm, sha256(await readFile(FAST_RUNTIME)))
})

test('artifacts - the production build was recorded for the same sources', async () => {
  const recorded = JSON.parse(await readFile(join(chain, 'artifacts/production.json'), 'utf8'))
  assert.equal(
    recorded.inputs,
    await inputsHash(),
    'run chain/build.sh --production and commit what it writes'
  )
})

test('artifacts - the committed metadata is the one of the committed wasm', async context => {
  const { result } = JSON.parse(await readFile(join(chain, 'artifacts/metadata.json'), 'utf8'))
  const api = await clientOf(context, await startChain(context))
  const raw = await api.rpc.state.getMetadata()
  assert.equal(raw.toHex(), result)
})

test('artifacts - no path of a machine is in the wasm', async () => {
  const text = (await readFile(FAST_RUNTIME)).toString('latin1')
  assert.doesNotMatch(text, /\/(?:root|home|Users)\/[\w.-]/)
})
