import type { Database } from 'hypercore'

/** RocksDB gives the space of deleted blocks back only when blob files are rewritten down to the bottom level. */
const RECLAIM = {
  blobGarbageCollectionPolicy: 1,
  blobGarbageCollectionAgeCutoff: 1,
  bottommostLevelCompaction: 2
} as const

interface Compactions {
  running: Promise<void>
  pending: Promise<void> | null
}

const underWay = new WeakMap<Database, Compactions>()

/** Gives the space of all that was deleted until now back: however many ask, one compaction runs and one waits. */
export function compact(db: Database): Promise<void> {
  const current = underWay.get(db)
  if (current === undefined) return begin(db)
  current.pending ??= current.running.then(
    () => begin(db),
    () => begin(db)
  )
  return current.pending
}

function begin(db: Database): Promise<void> {
  const running = db.compactRange(RECLAIM)
  const compactions: Compactions = { running, pending: null }
  underWay.set(db, compactions)
  const end = () => {
    if (underWay.get(db) === compactions && compactions.pending === null) underWay.delete(db)
  }
  running.then(end, end)
  return running
}
