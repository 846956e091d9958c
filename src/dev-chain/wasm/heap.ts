/** A pointer in the lower half, a length in the upper one: how runtime and host pass bytes to each other. */
export type Fat = bigint

const PAGE_BYTES = 65_536
// As many as every runtime asks for at least; more are added as its heap grows.
const INITIAL_PAGES = 64
const MAX_BYTES = 128 * 2 ** 20
const HEADER_BYTES = 8
const SMALLEST_ORDER = 3

/** A runtime's memory: what it was compiled with, its stack, and above them the heap that the host allocates for it. */
export class Heap {
  readonly memory = new WebAssembly.Memory({ initial: INITIAL_PAGES })
  private base = 0
  private image = new Uint8Array()
  private top = 0
  /** Freed pieces by the power of two that they have room for. */
  private free: number[][] = []

  /** Takes what is below `base` now as how every call finds it. */
  begin(base: number): void {
    this.base = base
    this.top = Math.ceil(base / HEADER_BYTES) * HEADER_BYTES
    this.image = new Uint8Array(this.memory.buffer, 0, base).slice()
  }

  /** Makes it as it was at the beginning. */
  reset(): void {
    const bytes = new Uint8Array(this.memory.buffer)
    bytes.fill(0, this.base, this.top)
    bytes.set(this.image)
    this.top = Math.ceil(this.base / HEADER_BYTES) * HEADER_BYTES
    this.free = []
  }

  /** Room for so many bytes; throws when a runtime wants more than it could have on a node. */
  allocate(size: number): number {
    const order = Math.max(SMALLEST_ORDER, 32 - Math.clz32(Math.max(1, size) - 1))
    const known = this.free[order]?.pop()
    if (known !== undefined) return known
    const at = this.top + HEADER_BYTES
    const end = at + 2 ** order
    if (end > MAX_BYTES) throw new Error(`out of memory: ${size} bytes more`)
    const missing = end - this.memory.buffer.byteLength
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES))
    this.view().setUint32(this.top, order, true)
    this.top = end
    return at
  }

  release(pointer: number): void {
    const order = this.view().getUint32(pointer - HEADER_BYTES, true)
    const list = this.free[order] ?? []
    list.push(pointer)
    this.free[order] = list
  }

  /** A copy of bytes of the memory. */
  take(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer >>> 0, length).slice()
  }

  /** A copy of what a fat pointer points to. */
  read(fat: Fat): Uint8Array {
    const bits = BigInt.asUintN(64, fat)
    return this.take(Number(bits & 0xffff_ffffn), Number(bits >> 32n))
  }

  /** Allocates bytes; their place. */
  put(bytes: Uint8Array): number {
    const at = this.allocate(bytes.length)
    new Uint8Array(this.memory.buffer).set(bytes, at)
    return at
  }

  /** Allocates bytes; a fat pointer to them. */
  write(bytes: Uint8Array): Fat {
    return (BigInt(bytes.length) << 32n) | BigInt(this.put(bytes))
  }

  private view(): DataView {
    return new DataView(this.memory.buffer)
  }
}
