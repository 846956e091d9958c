import type { SenderDoor } from '../../roles/signer.ts'
import type { NoiseKey, SpanId } from '../domain/ids.ts'
import type { HyperNode } from '../hyper/node.ts'
import { CopySender } from '../wire/copy-sender.ts'

/** Dials pinners by their noise key and opens `datdot/copy/1`; one connection for all spans of a pinner. */
export class Dialler implements SenderDoor {
  readonly #hyper: HyperNode
  readonly #users = new Map<NoiseKey, number>()

  constructor(hyper: HyperNode) {
    this.#hyper = hyper
  }

  async dial(pinner: NoiseKey, span: SpanId, signal: AbortSignal) {
    this.#users.set(pinner, (this.#users.get(pinner) ?? 0) + 1)
    try {
      const connection = await this.#hyper.connect(pinner, { signal })
      const sender = await CopySender.open(connection, { span, signal })
      let open = true
      return {
        held: sender.held,
        sendCells: (first: number, cells: Uint8Array) => sender.sendCells(first, cells),
        checkpoint: (checkpoint: Parameters<CopySender['checkpoint']>[0]) => sender.checkpoint(checkpoint),
        seal: (seal: Parameters<CopySender['seal']>[0]) => sender.seal(seal),
        close: () => {
          if (open) this.#release(pinner)
          open = false
          sender.close()
        }
      }
    } catch (error) {
      this.#release(pinner)
      throw error
    }
  }

  #release(pinner: NoiseKey): void {
    const left = (this.#users.get(pinner) ?? 1) - 1
    if (left > 0) {
      this.#users.set(pinner, left)
      return
    }
    this.#users.delete(pinner)
    this.#hyper.leavePeer(pinner)
  }
}
