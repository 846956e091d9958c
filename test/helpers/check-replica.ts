import type { CoreHandle } from '../../roles/span.ts'
import {
  askReplica,
  type CheckSession,
  judgeReplica,
  type ReplicaCheck,
  type ReplicaResult
} from '../../roles/verifier/replica.ts'
import type { StepLimits } from '../../roles/verifier/session.ts'

/** Both halves of a verifier's check of encoded leaves. */
export async function checkReplica(
  check: ReplicaCheck,
  session: CheckSession,
  core: CoreHandle,
  limits: StepLimits,
  tick = () => {}
): Promise<ReplicaResult> {
  const reading = { signal: limits.signal, tick }
  return judgeReplica(check, await askReplica(check, session, limits), core, reading)
}
