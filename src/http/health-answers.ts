import type { Condition, ConditionReport } from '../consumers/condition.ts'

/** A loop turns twice a second; what takes longer than this hangs. */
const STILL_MAX_MS = 60_000

export interface HealthAnswer {
  readonly isWell: boolean
  readonly body: {
    readonly state: string
    readonly processes: readonly (ConditionReport | (ConditionReport & { readonly stillSeconds: number }))[]
  }
}

/** Is anything wrong that only a restart mends? A log that is away is not: waiting for it is work. */
export function aliveAnswer(conditions: readonly Condition[]): HealthAnswer {
  const isWell = conditions.every(({ stillMs }) => stillMs <= STILL_MAX_MS)
  const processes = conditions.map((condition) => {
    return { ...condition.report(), stillSeconds: Math.round(condition.stillMs / 1_000) }
  })
  return { isWell, body: { state: isWell ? 'alive' : 'hanging', processes } }
}

/** Does every process have its tasks and their state? Lag is no part of it: catching up is work as well. */
export function readyAnswer(conditions: readonly Condition[]): HealthAnswer {
  const isWell = conditions.length > 0 && conditions.every(({ isReady }) => isReady)
  const processes = conditions.map((condition) => condition.report())
  return { isWell, body: { state: isWell ? 'ready' : 'not ready', processes } }
}
