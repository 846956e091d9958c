import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { DatdotError } from '../../domain/errors.ts'

/** The default input is at least this long, so that a copy has several spans. */
const LEAST_INPUT = 4 * 2 ** 20

const run = promisify(execFile)

/**
 * Packs the repository's committed files into one tar stream at `target`, behind one another as often as it takes to
 * reach {@link LEAST_INPUT}; throws NOT_FOUND where `root` is not a git checkout.
 */
export async function packRepository(root: string, target: string): Promise<void> {
  const half = `${target}.new`
  try {
    await run('git', ['-C', root, 'archive', '--format=tar', `--output=${half}`, 'HEAD'])
  } catch (cause) {
    throw new DatdotError(
      'NOT_FOUND',
      'there are no committed files to pin: this is not a git checkout; name a file',
      {
        cause
      }
    )
  }
  const { size } = await stat(half)
  for (let copied = size; copied < LEAST_INPUT; copied += size)
    await pipeline(
      createReadStream(half, { end: size - 1 }),
      createWriteStream(half, { flags: 'r+', start: copied })
    )
  await rename(half, target)
}
