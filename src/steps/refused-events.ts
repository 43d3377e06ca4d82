import type { ErrorCode } from '../errors/codes.ts'
import type { ModelOptions, StreamOptions } from './options.ts'

/** Why an event cannot be counted; the edge writes it to the dead-letter topic with its position. */
export interface Rejection {
  readonly code: ErrorCode
  readonly message: string
}

/** Of a model that is not configured. */
export function unknownModel(name: string, models: ReadonlyMap<string, ModelOptions>): Rejection {
  const known = [...models.keys()].join(', ')
  return { code: 'MODEL_UNKNOWN', message: `expected a configured model (${known}), got "${name}"` }
}

/** A regression's predictions and labels are numbers; anything else can be counted for other tasks. */
export function wrongOutcome(
  field: 'prediction' | 'label',
  value: number | string | boolean,
  model: ModelOptions,
): Rejection | null {
  if (model.task !== 'regression' || typeof value === 'number') return null
  return {
    code: 'EVENT_INVALID',
    message: `${field}: expected a number for a regression model, got ${JSON.stringify(value)}`,
  }
}

/**
 * Event time far from the record's own timestamp would move the watermark (the year 2200 closes every
 * pane) or open panes nobody waits for (1970): such an event is refused.
 */
export function misplacedTime(at: number, timestamp: number, stream: StreamOptions): Rejection | null {
  if (at > timestamp + stream.futureMaxMs) {
    return {
      code: 'EVENT_TIME_IN_FUTURE',
      message: `expected an event time at most ${stream.futureMaxMs} ms after the record's ${isoTime(timestamp)}, got ${isoTime(at)}`,
    }
  }
  if (at < timestamp - stream.pastMaxMs) {
    return {
      code: 'EVENT_TIME_TOO_OLD',
      message: `expected an event time at most ${stream.pastMaxMs} ms before the record's ${isoTime(timestamp)}, got ${isoTime(at)}`,
    }
  }
  return null
}

/** ISO 8601, or the bare number where no calendar reaches. */
function isoTime(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms`
}
