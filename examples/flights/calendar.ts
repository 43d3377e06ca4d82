/** The stream's calendar: 2001-01-01 was a Monday, so weeks of the stream are weeks of the calendar. */
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
export const WEEK_MS = 7 * DAY_MS

export const STREAM_START_MS = Date.UTC(2001, 0, 1)
/** The last flight of the file departs at this moment. */
export const STREAM_END_MS = Date.UTC(2001, 6, 1)

/** The first model learns from these weeks; the stream is judged from the week after. */
export const TRAINING_WEEKS = 4

/** Week of the stream, the first is 1. */
export function weekOf(atMs: number): number {
  return Math.floor((atMs - STREAM_START_MS) / WEEK_MS) + 1
}

/** Monday 00:00 of a week of the stream. */
export function weekStartMs(week: number): number {
  return STREAM_START_MS + (week - 1) * WEEK_MS
}
