import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { DatdotError } from '../../domain/errors.ts'
import type { NoiseKey } from '../../domain/ids.ts'
import type { Ledger, SettledPeriod } from './ledger.ts'
import type { Testnet } from './testnet.ts'
import { until } from './until.ts'

/** Settled periods that the whole job is done with. */
export const PERIODS = 2

export interface OnceReport {
  core: string
  bytes: number
  copies: number
  periods: SettledPeriod[]
  /** What each pinner served to the consumer. */
  served: { name: string; peer: NoiseKey; blocks: number; bytes: number }[]
  seconds: number
}

export interface OnceOptions {
  input: string
  storage: string
  copies: number
  signal: AbortSignal
  onStage(name: string): void
}

/** The rest of the whole job once the network is up: copies, periods, then a reader that has only the pinners. */
export async function runOnce(
  testnet: Testnet,
  ledger: Ledger,
  options: OnceOptions
): Promise<Omit<OnceReport, 'seconds'>> {
  const { copies, signal, onStage, input, storage } = options
  onStage(`encoding and sending ${copies} copies`)
  await reached(testnet, signal, () => ledger.active >= copies)
  onStage(`${copies} copies active; proving, measuring, settling ${PERIODS} periods`)
  await reached(testnet, signal, () => ledger.whole(copies) >= PERIODS)
  onStage('the author is stopped; reading the core back from the pinners alone')
  await testnet.stopMember('author')
  const out = join(storage, 'read-back')
  const args = ['consumer', 'get', testnet.core, '--out', out, '--storage', join(storage, 'consumer')]
  const { code, lines, error } = await testnet.run('consumer', args, signal)
  signal.throwIfAborted()
  if (code !== 0) throw new DatdotError('CORE_UNAVAILABLE', `the consumer ended with ${code}: ${error}`)
  const result = lines.findLast(line => line.type === 'result')
  const bytes = await compare(input, out)
  const served = shares(testnet, result?.['served'])
  return { core: testnet.core, bytes, copies, periods: ledger.periods, served }
}

/** Resolves when the ledger, looked at after each head, says so; rejects when a process ends before. */
async function reached(testnet: Testnet, signal: AbortSignal, done: () => boolean): Promise<void> {
  if (done()) return
  await until<void>(signal, (resolve, reject) =>
    testnet.on(event => {
      if (event.type === 'head' && done()) resolve()
      if (event.type === 'ended') reject(event.error)
    })
  )
}

/** Names the peers that served; throws when one of them is not a pinner of this network. */
function shares(testnet: Testnet, served: unknown): OnceReport['served'] {
  return (served as { peer: NoiseKey; blocks: number; bytes: number }[]).map(share => {
    const member = testnet.members.find(one => one.noiseKey === share.peer)
    if (member?.role !== 'pinner')
      throw new DatdotError(
        'PEER_WRONG',
        `${member?.name ?? share.peer} served the consumer and is no pinner`
      )
    return { name: member.name, ...share }
  })
}

const CHUNK = 2 ** 20

/** Compares two files byte for byte and returns their length; throws DATA_MISMATCH with the first chunk that differs. */
export async function compare(path: string, other: string): Promise<number> {
  const files = await Promise.all([open(path), open(other)])
  try {
    for (let at = 0; ; ) {
      const [x, y] = await Promise.all([chunk(files[0], at), chunk(files[1], at)])
      if (Buffer.compare(x, y) !== 0)
        throw new DatdotError('DATA_MISMATCH', `${other} differs from ${path} after byte ${at}`)
      if (x.byteLength === 0) return at
      at += x.byteLength
    }
  } finally {
    await Promise.all(files.map(file => file.close()))
  }
}

async function chunk(file: FileHandle, at: number): Promise<Buffer> {
  const buffer = Buffer.alloc(CHUNK)
  let filled = 0
  while (filled < CHUNK) {
    const { bytesRead } = await file.read(buffer, filled, CHUNK - filled, at + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
