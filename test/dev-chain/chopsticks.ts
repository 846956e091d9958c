// Read when Chopsticks is imported: it throws for a level that it does not know, and prints at the default one.
process.env['LOG_LEVEL'] = 'error'

import type { Changes, RuntimeCall, StateReader } from '../../src/dev-chain/executor.ts'
import type { Hex } from '../../src/dev-chain/hex.ts'

const { calculateStateRoot, destroyWorker, emptyTaskHandler, runTask } = await import(
  '@acala-network/chopsticks-core/wasm-executor/index'
)

/** Runs runtime calls with Chopsticks, which interprets the wasm by other code than ours; what they wrote and the last result. */
export async function runElsewhere(code: Hex, calls: readonly RuntimeCall[], reader: StateReader) {
  const handler = {
    ...emptyTaskHandler,
    getStorage: async (key: Hex) => await reader.get(key),
    getNextKey: async (prefix: Hex, key: Hex) => await reader.nextKey(prefix, key)
  }
  const task = {
    wasm: code,
    calls: calls.map(([name, args]): [string, Hex[]] => [name, [args]]),
    mockSignatureHost: false,
    allowUnresolvedImports: false,
    runtimeLogLevel: 0
  }
  const response = await runTask(task, handler as unknown as Parameters<typeof runTask>[1])
  if ('Error' in response) throw new Error(response.Error)
  // A removed key comes with undefined, whatever the type says.
  const changes: Changes = new Map(response.Call.storageDiff.map(([key, value]) => [key, value ?? null]))
  return { result: response.Call.result, changes }
}

/** Root of the state trie over these entries, as Chopsticks computes it. */
export async function rootElsewhere(entries: [Hex, Hex][], version: 0 | 1): Promise<Hex> {
  return await calculateStateRoot(entries, version)
}

/** Ends its thread. */
export async function closeChopsticks(): Promise<void> {
  await destroyWorker()
}
