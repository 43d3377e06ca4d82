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

/** Plays one scenario; whatever it opened is closed afterwards, and what it throws is a fault. */
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
    outcome = await scenario.play(arena)
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

/** `T4 zombie (1 broker, seed 1): 60,000 events, lost 0, doubled 0, recovered in 3.4 s`, faults below it. */
export function toLine(report: Report): string {
  const { id, name, brokers, seed, events, lost, doubled, measured, faults, seconds } = report
  const told = Object.entries(measured).map(([what, value]) => `, ${what} ${value}`)
  const counts = `${events.toLocaleString('en-GB')} events, lost ${lost}, doubled ${doubled}${told.join('')}`
  const head = `${id} ${name} (${brokers === 1 ? '1 broker' : '3 brokers'}, seed ${seed}): ${counts}; ${seconds} s`
  return faults.length === 0 ? head : [`${head} FAILED`, ...faults.map((fault) => `   ${fault}`)].join('\n')
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
