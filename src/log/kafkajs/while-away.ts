import { setTimeout as sleep } from 'node:timers/promises'
import { isAway } from './client-errors.ts'

const FIRST_PAUSE_MS = 30
const PAUSE_MAX_MS = 1_000
const PATIENCE_MS = 15_000

/**
 * Asks again while the broker is away, for about fifteen seconds, and once at least: one request to a broker
 * that says nothing may take all of that time, and another has been leading since. `recover` runs before each
 * new try; its own failure is no news. Rejects with the last error, untranslated.
 */
export async function whileAway<T>(
  ask: () => Promise<T>,
  recover: (error: unknown) => Promise<void>,
): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  let asked = 0
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
    try {
      asked++
      return await ask()
    } catch (error) {
      const isLate = asked > 1 && performance.now() + pauseMs > deadline
      if (!isAway(error) || isLate) throw error
      await sleep(pauseMs)
      await recover(error).catch(() => {})
    }
  }
}
