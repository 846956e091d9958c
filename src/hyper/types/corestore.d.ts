declare module 'corestore' {
  import type { NoiseStream } from '@hyperswarm/secret-stream'
  import type Hypercore from 'hypercore'
  import type { InternalCore, Manifest } from 'hypercore'

  export interface GetOptions {
    key?: Uint8Array
    name?: string
    keyPair?: { publicKey: Uint8Array; secretKey: Uint8Array }
    manifest?: Partial<Manifest>
    encryptionKey?: Uint8Array
    allowFork?: boolean
  }

  export default class Corestore {
    constructor(storage: string, options?: { wait?: boolean })
    ready(): Promise<void>
    close(): Promise<void>
    get(options: GetOptions): Hypercore
    replicate(stream: NoiseStream | boolean): NoiseStream
    watch(listener: (core: InternalCore) => void): void
    createKeyPair(name: string): Promise<{ publicKey: Buffer; secretKey: Buffer }>
  }
}
