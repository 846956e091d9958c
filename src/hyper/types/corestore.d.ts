declare module 'corestore' {
  import type { NoiseStream } from '@hyperswarm/secret-stream'
  import type Hypercore from 'hypercore'
  import type { CorePointer, InternalCore, Manifest, StoreFiles } from 'hypercore'

  export interface GetOptions {
    key?: Uint8Array
    name?: string
    keyPair?: { publicKey: Uint8Array; secretKey: Uint8Array }
    manifest?: Partial<Manifest>
    encryptionKey?: Uint8Array
  }

  export default class Corestore {
    constructor(storage: string | StoreFiles)
    ready(): Promise<void>
    close(): Promise<void>
    get(options: GetOptions): Hypercore
    replicate(stream: NoiseStream | boolean): NoiseStream
    watch(listener: (core: InternalCore) => void): void
    /** Called for each core that a peer announces. */
    _attachMaybe(muxer: unknown, discoveryKey: Uint8Array): Promise<void>
    /** The open cores by discovery key. */
    readonly cores: { readonly map: Map<string, InternalCore> }
    readonly storage: { deleteCore(pointer: CorePointer): Promise<unknown> }
    createKeyPair(name: string): Promise<{ publicKey: Buffer; secretKey: Buffer }>
  }
}
