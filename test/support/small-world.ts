import type { FeatureEvent } from '../../src/events/feature-event.ts'
import type { LabelEvent } from '../../src/events/label-event.ts'

/**
 * A world small enough to know everything about: one number, one category, a label that follows the number,
 * and from `turnsAtMinute` on follows it the other way round. Seeded: the same arguments, the same world.
 */
export interface SmallWorld {
  readonly startMs: number
  readonly turnsAtMinute: number
  readonly eventsPerMinute: number
  readonly seed: number
}

export interface WorldEvent {
  readonly id: string
  readonly at: number
  readonly x: number
  readonly c: string
  readonly label: 0 | 1
}

const MINUTE_MS = 60_000

/** All events of one minute, in event-time order. */
export function minuteOf(world: SmallWorld, minute: number): WorldEvent[] {
  const random = mulberry32(world.seed * 1_000_003 + minute)
  const sign = minute >= world.turnsAtMinute ? -1 : 1
  return Array.from({ length: world.eventsPerMinute }, (_, i) => {
    const x = normal(random)
    const positive = random() < logistic(sign * 3 * x)
    const c = ['red', 'green', 'blue'][Math.floor(random() * 3)]!
    const at = world.startMs + minute * MINUTE_MS + Math.floor((i * MINUTE_MS) / world.eventsPerMinute)
    return { id: `m${minute}-${i}`, at, x, c, label: positive ? 1 : 0 }
  })
}

/** What a version says: version 1 learned the world before the turn, every later one the world after it. */
export function featureEventOf(event: WorldEvent, version: string): FeatureEvent {
  const score = logistic((version === '1' ? 3 : -3) * event.x)
  return {
    model: 'small',
    version,
    id: event.id,
    at: event.at,
    features: { x: event.x, c: event.c },
    prediction: score >= 0.5 ? 1 : 0,
    score,
  }
}

/** The label becomes known half a minute after its prediction. */
export function labelEventOf(event: WorldEvent): LabelEvent {
  return { model: 'small', id: event.id, at: event.at + MINUTE_MS / 2, label: event.label }
}

export function logistic(z: number): number {
  return 1 / (1 + Math.exp(-z))
}

/** Mulberry32, public domain by Tommy Ettinger: uniform on [0, 1) from 32 bits of state. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
