import { readFile } from 'node:fs/promises'
import { DatdotError } from '../../domain/errors.ts'
import { paths } from '../../settings.ts'
import { defineCommand, EXIT } from '../command.ts'

/** Runs vector files through this program's own code. */
export const vectorsVerify = defineCommand({
  name: 'vectors verify',
  role: 'vectors',
  summary: 'Check files of test vectors against this program',
  description:
    'Runs files of the three vector formats (tpe1-vectors-1, datdot-protocol-vectors-1, datdot-publish-vectors-1)\n' +
    'through this program; a field that is not known fails. Exits with 1 when any case fails.',
  positionals: { files: paths({ describe: 'vector files' }) },
  examples: [['datdot vectors verify test/vectors/tpe1.json', 'check the copy format']],
  async run({ output, signal }, { files }) {
    const { verifyVectors } = await import('../../codec/vectors/verify.ts')
    let passed = 0
    let failed = 0
    const unknown: string[] = []
    for (const file of files) {
      const content = await readFile(file, 'utf8').catch(error => {
        throw new DatdotError('NOT_FOUND', `${file} cannot be read: ${(error as Error).message}`, {
          cause: error
        })
      })
      output.show({ type: 'stage', name: file })
      for await (const { format, name, ok, detail } of verifyVectors(content)) {
        signal.throwIfAborted()
        if (ok) passed += 1
        else failed += 1
        if (format === 'unknown') unknown.push(`${file}: ${detail}`)
        const facts = { file, format, case: name, ok, detail }
        if (output.json) output.line({ type: 'case', ...facts })
        else if (!ok) output.note(`failed  ${format}  ${name}: ${detail}`)
      }
    }
    output.result({ passed, failed }, `${passed} passed, ${failed} failed`)
    if (unknown.length > 0) throw new DatdotError('VECTORS_INVALID', unknown.join('; '))
    return failed > 0 ? EXIT.failed : EXIT.done
  }
})
