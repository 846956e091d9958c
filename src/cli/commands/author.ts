import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { addAbortSignal, type Readable } from 'node:stream'
import { z } from 'zod'
import type { CommonConfig } from '../../config.ts'
import { parseBytes } from '../../domain/amounts.ts'
import { DatdotError } from '../../domain/errors.ts'
import { coreKey, flag, list, paths, text } from '../../settings.ts'
import { type Context, defineCommand } from '../command.ts'
import { showEvents } from '../node-view.ts'

const blockSize = list(
  z.union([z.string(), z.number()]).transform((value, context) => {
    try {
      return parseBytes(String(value))
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
  }),
  { describe: 'size of the blocks; several sizes take turns', fallback: '64KiB' }
)

const noServe = flag({ describe: 'end when everything is appended instead of serving it', flagOnly: true })

interface Act {
  files: readonly string[]
  appendTo: string | null
  blockSizes: readonly number[]
  serve: boolean
}

async function assertFile(path: string): Promise<void> {
  const unreadable = (cause: unknown) => new DatdotError('NOT_FOUND', `${path} cannot be read`, { cause })
  await access(path, constants.R_OK).catch(cause => {
    throw unreadable(cause)
  })
  if ((await stat(path)).isDirectory()) throw new DatdotError('NOT_FOUND', `${path} is a folder, not a file`)
}

/** A file's bytes, opened when it is its turn. */
async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path)
  } catch (cause) {
    throw new DatdotError('NOT_FOUND', `${path} cannot be read to its end`, { cause })
  }
}

/** All of stdin; a Ctrl-C ends the waiting for more of it. */
async function* readStdin({ stdin, signal }: Context): AsyncGenerator<Uint8Array> {
  try {
    yield* addAbortSignal(signal, stdin as Readable)
  } catch (cause) {
    throw new DatdotError(signal.aborted ? 'ABORTED' : 'NOT_FOUND', 'stdin was not read to its end', {
      cause
    })
  }
}

async function runAuthor(context: Context, config: CommonConfig, act: Act): Promise<undefined> {
  for (const file of act.files) if (file !== '-') await assertFile(file)
  const { AuthorNode } = await import('../../node/author.ts')
  const node = new AuthorNode(config, { signal: context.signal })
  node.events.on(showEvents(context.output, context.clock))
  try {
    await node.ready()
    const sources = act.files.map(file => (file === '-' ? readStdin(context) : readFile(file)))
    // What comes on stdin is gone once it is read.
    const input = act.files.includes('-') ? undefined : JSON.stringify(act.files.map(file => resolve(file)))
    await node.role({ sources, input, ...act }).run(context.signal)
    return undefined
  } finally {
    await node.close()
  }
}

/** Makes a hypercore of files. */
export const authorPublish = defineCommand({
  name: 'author publish',
  role: 'author',
  summary: 'Make a hypercore of files, print its key, serve it',
  description:
    'Makes one new hypercore of the files, in their order, prints its key and serves it until Ctrl-C.\n' +
    'Run it again after an interruption: it goes on where it stopped, in the same core. What comes on stdin cannot be gone on with.',
  positionals: { files: paths({ describe: 'files, - for stdin' }) },
  settings: { blockSize, noServe },
  examples: [
    ['datdot author publish video.mp4', 'make and serve a core'],
    ['tar c photos | datdot author publish - --no-serve', 'make a core of a stream']
  ],
  run: (context, { files, blockSize: blockSizes, noServe: ends, ...config }) =>
    runAuthor(context, config, { files, appendTo: null, blockSizes, serve: !ends })
})

/** Appends a file to a core of this author. */
export const authorAppend = defineCommand({
  name: 'author append',
  role: 'author',
  summary: 'Append a file to a core that was made here, and serve it',
  description:
    'Appends a file to a core that was made here, and serves all cores until Ctrl-C.\n' +
    'Run it again after an interruption: it goes on where it stopped. What comes on stdin cannot be gone on with.',
  positionals: {
    core: coreKey({ describe: 'key of the core' }),
    file: text({ describe: 'file, - for stdin' })
  },
  settings: { blockSize, noServe },
  examples: [['datdot author append 1a2b…64-digits… more.log', 'append and serve']],
  run: (context, { core, file, blockSize: blockSizes, noServe: ends, ...config }) =>
    runAuthor(context, config, { files: [file], appendTo: core, blockSizes, serve: !ends })
})

/** Serves every core of this author. */
export const authorServe = defineCommand({
  name: 'author serve',
  role: 'author',
  summary: 'Serve all cores that were made here',
  examples: [['datdot author serve', 'serve until Ctrl-C']],
  run: (context, config) =>
    runAuthor(context, config, { files: [], appendTo: null, blockSizes: [], serve: true })
})
