import type { Diagnosis, DriftEvent } from '../../events/drift-event.ts'

/**
 * What people know of the open episodes: an episode is told when it begins, when its diagnosis becomes
 * another, and when it is over, however many windows show it and however often its events are read.
 */
export class ToldEpisodes {
  readonly #open = new Map<string, Diagnosis>()

  /** What is new in an event; null: nothing. */
  note({ episodeId, state, diagnosis }: DriftEvent): 'started' | 'changed' | 'resolved' | null {
    const told = this.#open.get(episodeId)
    if (state === 'resolved') return this.#open.delete(episodeId) ? 'resolved' : null
    this.#open.set(episodeId, diagnosis)
    if (told === undefined) return 'started'
    return told === diagnosis ? null : 'changed'
  }
}
