import type { Height, SpanId } from '../../src/domain/ids.ts'
import type { CopyView, RequestView } from '../../src/domain/view.ts'

/** Blocks for which the chain's own helping hand comes first (protocol.md part 7). */
export const PATIENCE = 2

/** What anyone may send and a supporter does for its cores. */
export type SupporterDuty = { do: 'assign' } | { do: 'expire'; span: SpanId }

/** What is still due {@link PATIENCE} blocks after it could have been done (protocol.md parts 6, 7, 9.1, 9.6). */
export function due(
  height: Height,
  seedWindow: number,
  requests: readonly RequestView[],
  copies: readonly CopyView[]
): SupporterDuty[] {
  const duties: SupporterDuty[] = []
  const oldest = requests.reduce<RequestView | null>(
    (first, request) => (first === null || request.requestId < first.requestId ? request : first),
    null
  )
  if (oldest && height >= oldest.seed * seedWindow + PATIENCE) duties.push({ do: 'assign' })
  for (const copy of copies) {
    if (copy.state !== 'Setup') continue
    const late = copy.spans.find(span => span.deadline !== null && height > span.deadline + PATIENCE)
    if (late) duties.push({ do: 'expire', span: late.id })
  }
  return duties
}
