import { isDatdotError } from '../../src/domain/errors.ts'
import { HyperNode } from '../../src/hyper/node.ts'
import { seedOf } from './helpers.ts'

// Reads a core whose blocks do not fit under the limit on the size of its files, twice, and says how that ended.
const [storage = '', key = '', host = '', port = ''] = process.argv.slice(2)
const bootstrap = [{ host, port: Number(port) }]
const node = new HyperNode({ storage, seed: seedOf('limited'), bootstrap, host, lookupMs: 250 })
await node.ready()
const core = await node.openCore(key)
node.join(core, { server: false, client: true })
await core.waitForLength(1, { signal: AbortSignal.timeout(60_000) })
const codes: string[] = []
for (let attempt = 0; attempt < 2; attempt++)
  await core.download(0, core.length, { signal: AbortSignal.timeout(60_000) }).catch((error: unknown) => {
    codes.push(isDatdotError(error) ? error.code : String(error))
  })
let readable = 0
for (let index = 0; index < core.length; index++) if ((await core.getLocal(index)) !== null) readable += 1
process.stdout.write(JSON.stringify({ codes, readable, length: core.length }))
process.exit(0)
