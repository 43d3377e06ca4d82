import type { HistorySource } from './history.ts'

/** Events that are there already, as a source; in batches, since a reader must not count on one. */
export function listedSource<Event>(
  topic: string,
  events: readonly Event[],
  batchMax = 4_096,
): HistorySource<Event> {
  return {
    topic,
    async *batches() {
      for (let first = 0; first < events.length; first += batchMax) {
        const part = events.slice(first, first + batchMax)
        yield {
          length: part.length,
          partition: 0,
          event: (index) => part[index]!,
          offset: (index) => first + index,
          timestamp: () => null,
          place: (index) => `${topic}, event ${first + index + 1}`,
        }
      }
    },
  }
}
