import type { DriftEvent } from '../../events/drift-event.ts'

/** One episode from its first event to its end, or to the end of history. */
export interface ShownEpisode {
  readonly id: string
  readonly concern: DriftEvent['concern']
  readonly version: string
  readonly fromMs: number
  readonly toMs: number
  readonly isOver: boolean
  readonly changedAt: number
  /** What it was taken for, in the order in which that changed. */
  readonly diagnoses: readonly string[]
  readonly summary: string
}

/** The episodes that events tell of, in time order. */
export function episodesOf(drift: readonly DriftEvent[], endMs: number): ShownEpisode[] {
  const byId = new Map<string, DriftEvent[]>()
  for (const event of drift) byId.set(event.episodeId, [...(byId.get(event.episodeId) ?? []), event])
  return [...byId.values()].map((events) => {
    const first = events[0]!
    const last = events.at(-1)!
    const isOver = last.state === 'resolved'
    return {
      id: first.episodeId,
      concern: first.concern,
      version: first.version,
      fromMs: first.at,
      toMs: isOver ? last.at : endMs,
      isOver,
      changedAt: first.changedAt,
      diagnoses: [...new Set(events.map(({ diagnosis }) => diagnosis))],
      summary: first.summary,
    }
  })
}
