/** The wall clock of this process, which can be moved as an operator or a time server moves it; timers go on. */
export class WallClock {
  readonly #real = globalThis.Date
  #offsetMs = 0

  constructor() {
    const now = () => this.#real.now() + this.#offsetMs
    globalThis.Date = new Proxy(this.#real, {
      get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
      construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self)
    })
  }

  /** Moves it by so many milliseconds at once. */
  jump(ms: number): void {
    this.#offsetMs += ms
  }

  restore(): void {
    globalThis.Date = this.#real
  }
}
