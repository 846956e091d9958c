import type { Core } from '../hyper/core.ts'
import type { Joined } from '../hyper/node.ts'

/**
 * Asks for the core's newest tree until a first peer told, then once more when all who were announced by now are
 * connected: the first to answer may have an older tree, or nothing yet.
 */
export async function updateFromAll(core: Core, topic: Joined, signal: AbortSignal): Promise<void> {
  await core.update({ signal })
  await topic.flushed(signal)
  await core.update({ signal })
}
