declare module 'protomux' {
  import type { NoiseStream } from '@hyperswarm/secret-stream'
  import type { Encoding } from 'compact-encoding'

  export interface Message<T> {
    /** False when the stream's buffer is full: wait for the channel's `ondrain`. */
    send(value: T): boolean
  }

  export interface Channel {
    readonly opened: boolean
    readonly closed: boolean
    readonly drained: boolean
    open(handshake?: unknown): void
    close(): void
    fullyOpened(): Promise<boolean>
    addMessage<T>(options: {
      encoding: Encoding<T>
      autoBatch?: boolean
      onmessage(value: T): void
    }): Message<T>
  }

  export interface ChannelOptions {
    protocol: string
    id?: Uint8Array | null
    unique?: boolean
    onopen?(): void
    onclose?(isRemote: boolean): void
    ondestroy?(): void
    ondrain?(): void
  }

  export default class Protomux {
    static from(stream: NoiseStream): Protomux
    readonly stream: NoiseStream
    /** Null when the stream is destroyed, or a unique channel is open already. */
    createChannel(options: ChannelOptions): Channel | null
    opened(options: { protocol: string; id?: Uint8Array | null }): boolean
    pair(
      options: { protocol: string; id?: Uint8Array | null },
      notify: (id: Uint8Array | null) => void | Promise<void>
    ): void
    unpair(options: { protocol: string; id?: Uint8Array | null }): void
  }
}
