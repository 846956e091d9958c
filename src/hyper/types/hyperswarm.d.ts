declare module 'hyperswarm' {
  import type { EventEmitter } from 'node:events'
  import type { NoiseStream } from '@hyperswarm/secret-stream'
  import type HyperDHT from 'hyperdht'
  import type { KeyPair } from 'hyperdht'

  export interface Discovery {
    flushed(): Promise<boolean>
    refresh(options?: { client?: boolean; server?: boolean }): Promise<boolean>
    destroy(): Promise<void>
  }

  export default class Hyperswarm extends EventEmitter {
    constructor(options: { dht?: HyperDHT; keyPair?: KeyPair; backoffs?: number[]; bootstrap?: unknown })
    readonly dht: HyperDHT
    readonly connections: Set<NoiseStream>
    join(topic: Uint8Array, options?: { server?: boolean; client?: boolean }): Discovery
    joinPeer(publicKey: Uint8Array): void
    leavePeer(publicKey: Uint8Array): void
    listen(): Promise<void>
    flush(): Promise<boolean>
    destroy(options?: { force?: boolean }): Promise<void>
  }
}
