import { setTimeout as delay } from 'node:timers/promises'
import { TrainerFailure } from '../../src/retraining/trainers/failure.ts'
import type { Trainer, TrainerProgress, TrainerTask } from '../../src/retraining/trainers/trainer.ts'

/** One training from its handing over to its end; aborting `signal` cancels it. */
export async function trainToEnd(
  trainer: Trainer,
  task: TrainerTask,
  signal: AbortSignal = new AbortController().signal,
): Promise<TrainerProgress | { readonly kind: 'cancelled' }> {
  if (signal.aborted) return { kind: 'cancelled' }
  try {
    const job = await trainer.submit(task, signal)
    for (;;) {
      if (signal.aborted) {
        await trainer.cancel(job)
        return { kind: 'cancelled' }
      }
      const progress = await trainer.poll(job, task, signal)
      if (progress.kind !== 'running') return progress
      await delay(10)
    }
  } catch (cause) {
    if (!(cause instanceof TrainerFailure)) throw cause
    return { kind: 'failed', reason: cause.message, timedOut: false }
  }
}
