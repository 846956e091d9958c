import type { CheckSession } from '../../roles/verifier/replica.ts'
import { isDatdotError } from '../domain/errors.ts'
import type { NoiseKey } from '../domain/ids.ts'
import { assertInNetwork, connectOnce, type Dialler } from '../hyper/one-time.ts'
import { CheckClient } from '../wire/check-client.ts'

/** Dials a pinner with a one-time key and opens `datdot/check/1`; what it does not answer while this node is cut off is DHT_UNREACHABLE. */
export async function openCheck(node: Dialler, pinner: NoiseKey, signal: AbortSignal): Promise<CheckSession> {
  const connection = await connectOnce(node, pinner, signal)
  const client = new CheckClient(connection)
  const answer = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked
    } catch (error) {
      if (isDatdotError(error, 'WIRE_CLOSED', 'ABORTED')) await assertInNetwork(node, signal)
      throw error
    }
  }
  return {
    leaves: (span, indexes) => answer(client.leaves(span, indexes, { signal })),
    receipt: (copy, period, account) => answer(client.receipt(copy, period, account, { signal })),
    close: () => {
      client.close()
      connection.close()
    }
  }
}
