import { CodecPool } from '../pool.ts'
import { verifyProtocol } from './protocol.ts'
import { PROTOCOL_FORMAT } from './protocol-schema.ts'
import { PUBLISH_FORMAT, verifyPublish } from './publish.ts'
import { checked, type VectorResult } from './result.ts'
import { TPE1_FORMAT, verifyTpe1 } from './tpe1.ts'

export type { VectorResult } from './result.ts'

/**
 * Runs the text of a vector file through this program's own code, one result a case; it never throws for what a file
 * holds. A field, kind, section or note that it does not know is a failed result, and so is a file without any case.
 * `pool` encodes tpe1 cases; one worker of its own when omitted.
 */
export async function* verifyVectors(
  text: string,
  options: { pool?: CodecPool } = {}
): AsyncGenerator<VectorResult> {
  let file: Record<string, unknown> = {}
  const head = await checked('unknown', 'file', () => {
    file = parseFile(text)
  })
  if (!head.ok) yield head
  else if (file['format'] === TPE1_FORMAT) yield* withPool(options.pool, pool => verifyTpe1(file, pool))
  else if (file['format'] === PUBLISH_FORMAT) yield* verifyPublish(file)
  else if (Object.keys(file).length > 1) yield* verifyProtocol(file)
  else yield { ...head, ok: false, format: PROTOCOL_FORMAT, detail: 'the file has no cases' }
}

function parseFile(text: string): Record<string, unknown> {
  const file: unknown = JSON.parse(text)
  if (typeof file !== 'object' || file === null || Array.isArray(file)) throw new Error('not a JSON object')
  const format: unknown = Object.entries(file).find(([name]) => name === 'format')?.[1]
  if (format !== TPE1_FORMAT && format !== PUBLISH_FORMAT && format !== PROTOCOL_FORMAT)
    throw new Error(`unknown format ${JSON.stringify(format)}`)
  return { ...file }
}

async function* withPool(
  given: CodecPool | undefined,
  run: (pool: CodecPool) => AsyncGenerator<VectorResult>
): AsyncGenerator<VectorResult> {
  const pool = given ?? new CodecPool({ workers: 1 })
  try {
    yield* run(pool)
  } finally {
    if (given === undefined) await pool.close()
  }
}
