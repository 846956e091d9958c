import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDatdotError } from '../../src/domain/errors.ts'
import { benchChain } from './chain.ts'
import { benchCodec } from './codec.ts'
import { benchMemory } from './memory.ts'
import { type Options, parseOptions, usage } from './options.ts'
import { benchProofs } from './proofs.ts'
import { benchReplication } from './replication.ts'
import type { Row, Subject } from './row.ts'
import { tableOf } from './table.ts'

const SUBJECTS = {
  codec: benchCodec,
  proofs: benchProofs,
  replication: benchReplication,
  chain: benchChain,
  memory: benchMemory
} satisfies Record<string, Subject>

type SubjectName = keyof typeof SUBJECTS
const NAMES = Object.keys(SUBJECTS) as SubjectName[]
const DEFAULT_OUT = fileURLToPath(new URL('../../bench.json', import.meta.url))

function machine() {
  const { node, openssl, v8 } = process.versions
  const processors = cpus()
  return {
    node,
    openssl,
    v8,
    platform: `${process.platform} ${process.arch}`,
    cpu: processors[0]?.model ?? 'unknown',
    cpus: processors.length,
    loadBefore: loadavg().map(load => Number(load.toFixed(2)))
  }
}

/** An empty folder that is gone when the process ends, by a signal too. */
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'datdot-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  return folder
}

async function measure({ quick, out, subjects }: Options<SubjectName>): Promise<void> {
  const startedAt = new Date()
  const about = { startedAt: startedAt.toISOString(), quick, subjects, machine: machine() }
  const root = scratch()
  const rows: Row[] = []
  for (const subject of subjects) {
    const say = (what: string) => process.stderr.write(`${subject}: ${what}\n`)
    const folder = join(root, subject)
    mkdirSync(folder)
    rows.push(...(await SUBJECTS[subject]({ quick, folder, say })))
    rmSync(folder, { recursive: true, force: true })
  }
  process.stdout.write(tableOf(rows))
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 1000)
  const path = out ?? DEFAULT_OUT
  writeFileSync(path, `${JSON.stringify({ ...about, seconds, rows }, null, 2)}\n`)
  process.stderr.write(`${seconds} s; written to ${path}\n`)
}

try {
  const options = parseOptions(process.argv.slice(2), NAMES)
  if (options.help) process.stdout.write(usage(NAMES))
  else await measure(options)
} catch (error) {
  if (!isDatdotError(error, 'BAD_ARGUMENT')) throw error
  process.stderr.write(`${error.message}\n\n${usage(NAMES)}`)
  process.exitCode = 1
}
