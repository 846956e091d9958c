import { fromHex, type Hex, toHex } from './hex.ts'
import { ScaleReader } from './scale.ts'

/** What a runtime says of itself. */
export interface RuntimeVersionInfo {
  readonly specName: string
  readonly implName: string
  readonly authoringVersion: number
  readonly specVersion: number
  readonly implVersion: number
  readonly transactionVersion: number
  readonly stateVersion: number
  readonly apis: [Hex, number][]
}

/** Reads a `RuntimeVersion`. */
export function readVersion(bytes: Hex): RuntimeVersionInfo {
  const reader = new ScaleReader(fromHex(bytes))
  const text = () => reader.lengthed().toString()
  const specName = text()
  const implName = text()
  const [authoringVersion, specVersion, implVersion] = [reader.u32(), reader.u32(), reader.u32()]
  const apis = reader.list((): [Hex, number] => [toHex(reader.take(8)), reader.u32()])
  const [transactionVersion, stateVersion] = [reader.u32(), reader.u8()]
  return {
    specName,
    implName,
    authoringVersion,
    specVersion,
    implVersion,
    transactionVersion,
    stateVersion,
    apis
  }
}
