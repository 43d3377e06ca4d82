import { setTimeout as sleep } from 'node:timers/promises'
import { mulberry32 } from '../support/small-world.ts'
import type { Cluster } from './cluster.ts'
import { Field } from './field.ts'
import type { StreamPlan } from './stream.ts'
import type { Verdict } from './verdict.ts'

/** How a scenario came out. It has passed when there are no faults. */
export interface Outcome {
  readonly verdict: Verdict
  /** What was measured besides, in the order of telling: `recovered in` → `3.4 s`. */
  readonly measured: Readonly<Record<string, string | number>>
  /** Further things that are not as they should be. */
  readonly faults?: readonly string[]
}

/** What a scenario is given to play with. */
export interface Arena {
  readonly cluster: Cluster
  readonly seed: number
  /** Seeded: when to strike, and whom. */
  readonly random: () => number
  /** Some seconds instead of minutes. */
  readonly quick: boolean
  /** The length of the soak. */
  readonly minutes: number
  open(wanted: Parameters<typeof Field.open>[2], plan?: Partial<Omit<StreamPlan, 'seed'>>): Promise<Field>
}

export interface Scenario {
  readonly id: `T${number}`
  readonly name: string
  readonly brokers: 1 | 3
  /** Part of what runs with every test run. */
  readonly inQuick: boolean
  play(arena: Arena): Promise<Outcome>
}

/** What came of one scenario. */
export interface Report {
  readonly id: string
  readonly name: string
  readonly brokers: 1 | 3
  readonly seed: number
  readonly events: number
  readonly lost: number
  readonly doubled: number
  readonly measured: Outcome['measured']
  readonly faults: readonly string[]
  readonly seconds: number
}

export interface PlayOptions {
  readonly seed: number
  readonly quick: boolean
  readonly minutes: number
}

/** Longer than any of them takes on a busy machine; the soak's own length comes on top. */
const LIMIT_MINUTES = 45

/**
 * Plays one scenario; whatever it opened is closed afterwards, and what it throws is a fault. So is a scenario
 * that never ends, for instance because a process whose work it waits for has ended.
 */
export async function play(scenario: Scenario, cluster: Cluster, options: PlayOptions): Promise<Report> {
  const fields: Field[] = []
  const startedAt = performance.now()
  const arena: Arena = {
    cluster,
    ...options,
    random: mulberry32(options.seed),
    async open(wanted, plan = {}) {
      const full = { models: ['m0', 'm1'], eventsPerPane: 2_000, ...plan, seed: options.seed }
      const field = await Field.open(cluster, full, wanted)
      fields.push(field)
      return field
    },
  }
  let outcome: Outcome
  try {
    outcome = await inTime(scenario.play(arena), LIMIT_MINUTES + options.minutes)
  } catch (error) {
    const verdict = { events: 0, lost: 0, doubled: 0, faults: [(error as Error).stack ?? String(error)] }
    outcome = { verdict, measured: {} }
  } finally {
    await Promise.allSettled(fields.map((field) => field.close()))
  }
  const { verdict, measured, faults = [] } = outcome
  return {
    id: scenario.id,
    name: scenario.name,
    brokers: scenario.brokers,
    seed: options.seed,
    events: verdict.events,
    lost: verdict.lost,
    doubled: verdict.doubled,
    measured,
    faults: [...verdict.faults, ...faults],
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  }
}

async function inTime<T>(work: Promise<T>, minutes: number): Promise<T> {
  const done = new AbortController()
  const late = sleep(minutes * 60_000, undefined, { signal: done.signal }).then(() => {
    throw new Error(`it has not ended within ${minutes} minutes`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
    // The loser of the race may still reject.
    late.catch(() => {})
    work.catch(() => {})
  }
}

/** `T4 zombie (1 broker, seed 1): 60,000 events, lost 0, doubled 0, recovered in 3.4 s`, faults below it. */
export function toLine(report: Report): string {
  const { id, name, brokers, seed, events, lost, doubled, measured, faults, seconds } = report
  const told = Object.entries(measured).map(([what, value]) => `, ${what} ${value}`)
  const counts = `${events.toLocaleString('en-GB')} events, lost ${lost}, doubled ${doubled}${told.join('')}`
  const head = `${id} ${name} (${brokers === 1 ? '1 broker' : '3 brokers'}, seed ${seed}): ${counts}; ${seconds} s`
  return faults.length === 0 ? head : [`${head} FAILED`, ...faults.map((fault) => `   ${fault}`)].join('\n')
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
