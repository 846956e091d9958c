// Metadata and TypeScript types of the committed fast wasm: chain/artifacts/metadata.json, chain/artifacts/types.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { destroyWorker, emptyTaskHandler, runTask } from '@acala-network/chopsticks-core/wasm-executor/index'
import * as typegen from '@polkadot/typegen/generate'

const root = fileURLToPath(new URL('../..', import.meta.url))
const artifacts = join(root, 'chain/artifacts')
const generated = join(root, 'chain/artifacts/types')

const wasm = `0x${(await readFile(join(artifacts, 'datdot-runtime.fast.wasm'))).toString('hex')}`
const response = await runTask(
  { wasm, calls: [['Metadata_metadata', []]], mockSignatureHost: false, allowUnresolvedImports: false, runtimeLogLevel: 0 },
  emptyTaskHandler
)
await destroyWorker()
if ('Error' in response) throw new Error(response.Error)
const bytes = Buffer.from(response.Call.result.slice(2), 'hex')
// OpaqueMetadata is a byte vector: 'meta' follows its compact length.
const metadata = bytes.subarray(bytes.indexOf('meta'))

const answer = { jsonrpc: '2.0', result: `0x${metadata.toString('hex')}`, id: 1 }
await writeFile(join(artifacts, 'metadata.json'), `${JSON.stringify(answer)}\n`)

await rm(generated, { recursive: true, force: true })
await mkdir(generated, { recursive: true })
const at = name => join(generated, name)
typegen.generateDefaultLookup(generated, answer.result)
// Typegen loads the lookup that it wrote as TypeScript; it is plain JavaScript too.
const scratch = await mkdtemp(join(tmpdir(), 'datdot-types-'))
await rename(at('lookup.ts'), join(scratch, 'lookup.mjs'))
const lookup = { rpc: {}, types: (await import(join(scratch, 'lookup.mjs'))).default }
await rm(scratch, { recursive: true })
await rm(at('index.ts'))

const strict = true
typegen.generateDefaultConsts(at('augment-api-consts.ts'), answer.result, {}, strict, lookup)
typegen.generateDefaultErrors(at('augment-api-errors.ts'), answer.result, {}, strict)
typegen.generateDefaultEvents(at('augment-api-events.ts'), answer.result, {}, strict, lookup)
typegen.generateDefaultQuery(at('augment-api-query.ts'), answer.result, {}, strict, lookup)
typegen.generateDefaultTx(at('augment-api-tx.ts'), answer.result, {}, strict, lookup)
const names = (await readdir(generated)).filter(name => name.endsWith('.ts')).sort()
await writeFile(at('augment-api.ts'), names.map(name => `import './${name}'\n`).join(''))

for (const name of names) {
  const text = (await readFile(at(name), 'utf8')).replace(/[ \t]+$/gm, '')
  const body = text.replace(/^\/\/ Auto-generated.*\n\/\* eslint-disable \*\/\n(\n\/\* eslint-disable.*\n)?/, '')
  await writeFile(at(name), `// Made from the metadata by chain/build.sh; not edited by hand.\n${body}`)
}
