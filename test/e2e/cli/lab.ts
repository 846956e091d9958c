import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../../../src/chain-client/client.ts'
import { DAT } from '../../../src/domain/amounts.ts'
import { adminKeys } from '../../helpers/admin.ts'
import { assertForeseen, Program, type ProgramOptions, result } from './program.ts'

/** A folder, a DHT and perhaps a chain for the commands of a test; every process is the real program. */
export class Lab {
  readonly folder: string
  readonly dht: Program
  readonly #programs: Program[] = []
  #bootstrap = ''
  #chain = ''

  private constructor(folder: string) {
    this.folder = folder
    this.dht = this.start('dht', ['dht'])
  }

  static async open(): Promise<Lab> {
    const lab = new Lab(await mkdtemp(join(tmpdir(), 'datdot-cli-')))
    const { bootstrap } = await lab.dht.line(line => Array.isArray(line['bootstrap']))
    lab.#bootstrap = (bootstrap as string[]).join(',')
    return lab
  }

  /** DHT nodes, host:port. */
  get bootstrap(): { host: string; port: number }[] {
    return this.#bootstrap.split(',').map(address => {
      const [host = '', port] = address.split(':')
      return { host, port: Number(port) }
    })
  }

  get chain(): string {
    return this.#chain
  }

  /** Starts the embedded chain with quick blocks. */
  async startChain(blockTimeMs: number): Promise<Program> {
    const chain = this.start('chain', ['chain', '--port', '0', '--block-time', String(blockTimeMs)])
    this.#chain = String((await chain.says('chain'))['url'])
    return chain
  }

  /** The flags that put a node into this lab, with its own folder by name. */
  flags(name: string): string[] {
    const bootstrap = this.#bootstrap === '' ? [] : ['--bootstrap', this.#bootstrap]
    const chain = this.#chain === '' ? [] : ['--chain', this.#chain]
    return ['--storage', this.path(name), '--host', '127.0.0.1', ...bootstrap, ...chain]
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Starts a long-running command with JSON lines. */
  start(name: string, args: readonly string[], options: ProgramOptions = {}): Program {
    const program = new Program([...args, ...this.flags(name), '--json'], options)
    this.#programs.push(program)
    return program
  }

  /** Makes keys for nodes and gives each account some DAT; returns the accounts. */
  async fund(gifts: Record<string, bigint>): Promise<Record<string, string>> {
    const names = Object.keys(gifts)
    const made = await Promise.all(names.map(name => result(['keys', 'new', '--storage', this.path(name)])))
    const accounts = Object.fromEntries(names.map((name, i) => [name, String(made[i]?.['account'])]))
    const chain = await connect({ urls: [this.#chain] })
    try {
      const alice = chain.account(await adminKeys())
      await Promise.all(
        names.map(name =>
          alice.submit({ call: 'transfer', to: accounts[name] ?? '', amount: (gifts[name] ?? 0n) * DAT })
        )
      )
    } finally {
      await chain.close()
    }
    return accounts
  }

  /** Ends all processes and removes the folder. */
  async close(): Promise<void> {
    await Promise.all(this.#programs.map(program => program.stop('SIGKILL')))
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
    assertForeseen(this.#programs)
  }
}

/** Bytes that do not compress, the same for the same seed. */
export function noise(bytes: number, seed: string): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes; at += 64) parts.push(createHash('sha512').update(`${seed} ${at}`).digest())
  return Buffer.concat(parts).subarray(0, bytes)
}
