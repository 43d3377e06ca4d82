import { z } from 'zod'
import type { MonitorOptions } from '../config/options.ts'
import type { ConditionReport } from '../consumers/condition.ts'

const TIME_LIMIT_MS = 1_000

const readiness = z.object({
  processes: z.array(
    z.object({
      process: z.string(),
      state: z.enum(['starting', 'restoring', 'running', 'waiting', 'stopped']),
      tasks: z.int(),
      restoring: z.array(z.object({ task: z.int(), share: z.number() })),
      waitingFor: z.string().exactOptional(),
    }),
  ),
})

/** What the processes behind a monitor's address say of themselves; null where nobody answers in a second. */
export async function askReadiness({
  host,
  port,
}: MonitorOptions): Promise<readonly ConditionReport[] | null> {
  // Who listens everywhere is asked here.
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const address = `http://${name.includes(':') ? `[${name}]` : name}:${port}/readyz`
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(TIME_LIMIT_MS), redirect: 'error' })
    const parsed = readiness.safeParse(await answer.json())
    return parsed.success ? parsed.data.processes : null
  } catch {
    return null
  }
}
