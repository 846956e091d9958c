declare module 'hyperdht' {
  import type { NoiseStream } from '@hyperswarm/secret-stream'

  export interface KeyPair {
    publicKey: Buffer
    secretKey: Buffer
  }

  export interface DhtAddress {
    host: string
    port: number
  }

  export interface DhtOptions {
    bootstrap?: readonly DhtAddress[]
    host?: string
    port?: number | readonly [from: number, to: number]
    ephemeral?: boolean
    firewalled?: boolean
  }

  export default class HyperDHT {
    constructor(options?: DhtOptions)
    static keyPair(seed?: Uint8Array): KeyPair
    /** BLAKE2b-256. */
    static hash(data: Uint8Array): Buffer
    /** What servers and topics listen to, to be announced again. */
    emit(event: 'network-change'): boolean
    readonly bootstrapNodes: readonly DhtAddress[]
    fullyBootstrapped(): Promise<void>
    /** The DHT nodes that this one knows. */
    toArray(): DhtAddress[]
    /** Rejects when there is no answer. */
    ping(address: DhtAddress): Promise<unknown>
    address(): DhtAddress
    connect(publicKey: Uint8Array, options?: { keyPair?: KeyPair }): NoiseStream
    destroy(options?: { force?: boolean }): Promise<void>
  }
}
