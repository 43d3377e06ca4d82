/** The time was up while something was still under way. */
export class CutOff extends Error {
  override readonly name = 'CutOff'
}

/**
 * Waits for something so long, and no longer. What is under way is not ended by that: whoever waited must see
 * to it, for instance by cutting its connections.
 * @throws CutOff when the time was up; what the task throws
 */
export async function within<T>(patienceMs: number, task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const delayMs = Math.max(0, patienceMs)
    timer = setTimeout(() => reject(new CutOff(`no end within ${Math.round(delayMs)} ms`)), delayMs)
  })
  // The loser of the race may still reject.
  task.catch(() => {})
  try {
    return await Promise.race([task, late])
  } finally {
    clearTimeout(timer)
  }
}
