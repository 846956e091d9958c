import type { Call } from '../src/domain/calls.ts'
import type { Height } from '../src/domain/ids.ts'
import { isRefusedFor } from './refusals.ts'
import type { CopyReader, RoleContext, Submitter } from './role.ts'
import { warningOf } from './runner.ts'

type Decline = Extract<Call, { call: 'decline' }>

/** Sends declines; once the chain has had enough of them, none until the next period, since each refusal costs a fee. */
export class Declines {
  readonly #chain: Submitter & Pick<CopyReader, 'constants'>
  readonly #context: Pick<RoleContext, 'emit'>
  #from: Height = 0

  constructor(chain: Submitter & Pick<CopyReader, 'constants'>, context: Pick<RoleContext, 'emit'>) {
    this.#chain = chain
    this.#context = context
  }

  /** Tells why in an event; resolves with the height before which there is nothing more to do about it. */
  async send(call: Omit<Decline, 'call'>, why: string, height: Height, signal: AbortSignal): Promise<Height> {
    if (height < this.#from) return this.#from
    const target = 'span' in call.target ? `span ${call.target.span}` : `copy ${call.target.copy}`
    try {
      const done = await this.#chain.submit({ call: 'decline', ...call }, signal)
      this.#context.emit({ type: 'declined', target, reason: why })
      return done.height
    } catch (error) {
      if (!isRefusedFor(error, 'TooManyDeclines')) throw error
      const { period } = this.#chain.constants
      this.#from = (Math.floor(height / period) + 1) * period
      this.#context.emit(warningOf(`declining ${target} before block ${this.#from}`, error))
      return this.#from
    }
  }
}
