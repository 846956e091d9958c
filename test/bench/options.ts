import { parseArgs } from 'node:util'
import { DatdotError } from '../../src/domain/errors.ts'

/** What the command line asks for. */
export interface Options<S extends string> {
  help: boolean
  quick: boolean
  /** Path of the JSON file; null = beside the compiled code. */
  out: string | null
  subjects: S[]
}

/** How the program is called. */
export function usage(subjects: readonly string[]): string {
  return `Usage: npm run bench -- [options]

Measures this commit on this machine: prints a table, writes JSON.
Nothing here fails for being slow; targets stand beside the figures.

  --only <subject>   measure this alone; may be given several times: ${subjects.join(', ')}
  --quick            fewer rounds and smaller cores
  --out <path>       JSON file; dist/bench.json by default
  --help             this text
`
}

/** Reads the arguments; throws BAD_ARGUMENT for one that is not known. */
export function parseOptions<S extends string>(args: readonly string[], subjects: readonly S[]): Options<S> {
  const { help, quick, out, only } = parsed(args)
  const known = (name: string): name is S => (subjects as readonly string[]).includes(name)
  for (const name of only)
    if (!known(name))
      throw new DatdotError('BAD_ARGUMENT', `"${name}" is not a subject: ${subjects.join(', ')}`)
  const chosen = only.length === 0 ? [...subjects] : subjects.filter(name => only.includes(name))
  return { help, quick, out, subjects: chosen }
}

function parsed(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        quick: { type: 'boolean' },
        out: { type: 'string' },
        only: { type: 'string', multiple: true }
      }
    })
    const { help = false, quick = false, out = null, only = [] } = values
    return { help, quick, out, only: only.flatMap(names => names.split(',')) }
  } catch (cause) {
    throw new DatdotError('BAD_ARGUMENT', (cause as Error).message, { cause })
  }
}
