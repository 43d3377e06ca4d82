import type { Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'

const EXIT_MAX_MS = 10_000

/** A process is asked to stop in the middle of its work, again and again: it flushes, leaves and ends in time. */
export const politeStops: Scenario = {
  id: 'T14',
  name: 'polite stops',
  brokers: 1,
  inQuick: true,
  async play({ open, quick, random }) {
    const field = await open({ name: 't14' })
    const stops = quick ? 3 : 50
    const times: number[] = []
    const faults: string[] = []
    let worker = field.start('observe')
    await worker.assigned()
    for (let stop = 0; stop < stops; stop++) {
      await field.produce(2_000)
      const { done, total } = await field.progress()
      const share = (done + random() * (total - done)) / total
      await field.reached(share)
      const startedAt = performance.now()
      worker.signal('SIGTERM')
      const code = await worker.exited
      times.push(performance.now() - startedAt)
      if (code !== 0) faults.push(`stop ${stop + 1} ended with ${code}`)
      const after = (await field.progress()).done
      if (after < done) faults.push(`stop ${stop + 1}: fewer committed than before`)
      worker = field.start('observe')
      // It left: nobody has to wait for its session to end.
      await worker.assigned()
    }
    await field.reached(1)
    const slowest = Math.max(...times)
    if (slowest > EXIT_MAX_MS)
      faults.push(`expected an end within 10 s, the slowest took ${seconds(slowest)}`)
    return { verdict: await field.verdict(), measured: { stops, 'slowest in': seconds(slowest) }, faults }
  },
}
