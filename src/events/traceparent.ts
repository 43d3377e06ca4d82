import { stableId } from './stable-id.ts'

/**
 * A W3C `traceparent` made of ids instead of chance, so that a replay continues the same trace: all that
 * comes of one episode is one trace, each request a span of it. Sampled.
 * Source: W3C Trace Context, Recommendation of 23 November 2021, 3.2.
 * @param traceOf id of what the trace is about
 * @param spanOf id of what the span is about
 */
export function traceparentOf(traceOf: string, spanOf: string): string {
  const trace = stableId('trace', traceOf) + stableId('trace', 'low', traceOf)
  return `00-${trace}-${notZero(stableId('span', spanOf))}-01`
}

/** All zeros are no valid id. */
function notZero(id: string): string {
  return /^0+$/.test(id) ? `${id.slice(1)}1` : id
}
