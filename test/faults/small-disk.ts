import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Ways into a mount namespace of one's own: as root, and where ordinary users may. */
const WAYS: { unshare: string[]; enter: string[] }[] = [
  { unshare: ['-m'], enter: ['-m'] },
  { unshare: ['-r', '-m'], enter: ['-U', '--preserve-credentials', '-m'] }
]

/** A real file system in memory that is soon full; only what is started `through` it sees it, and it goes with its keeper. */
export class SmallDisk {
  readonly path: string
  /** The command through which processes see it. */
  readonly through: readonly string[]
  readonly #keeper: ChildProcess

  private constructor(path: string, through: readonly string[], keeper: ChildProcess) {
    this.path = path
    this.through = through
    this.#keeper = keeper
  }

  /** Mounted over a folder, with what was in it; null where this system lets nobody mount. */
  static async mount(path: string, megabytes: number): Promise<SmallDisk | null> {
    const script = `cp -a "$0" "$0.was" && mount -t tmpfs -o size=${megabytes}m none "$0" && cp -a "$0.was/." "$0" && echo up && exec cat`
    for (const { unshare, enter } of WAYS) {
      const keeper = spawn('unshare', [...unshare, 'sh', '-c', script, path], {
        stdio: ['pipe', 'pipe', 'ignore']
      })
      const up = await Promise.race([
        once(keeper.stdout, 'data').then(() => true),
        once(keeper, 'close').then(() => false),
        once(keeper, 'error').then(() => false)
      ])
      if (up) return new SmallDisk(path, ['nsenter', '-t', String(keeper.pid), ...enter, '--'], keeper)
    }
    return null
  }

  /** Takes all space but so many megabytes. */
  async fill(leftMegabytes: number): Promise<void> {
    await this.#shell('head -c 1G /dev/zero > "$0" 2> /dev/null; truncate -s "-$1" "$0"', `${leftMegabytes}M`)
  }

  /** Gives the space back. */
  async free(): Promise<void> {
    await this.#shell('rm "$0"')
  }

  async close(): Promise<void> {
    this.#keeper.stdin?.end()
    if (this.#keeper.exitCode === null) await once(this.#keeper, 'close')
  }

  async #shell(script: string, ...words: string[]): Promise<void> {
    const [command = '', ...rest] = this.through
    await run(command, [...rest, 'sh', '-c', script, join(this.path, 'ballast'), ...words])
  }
}
