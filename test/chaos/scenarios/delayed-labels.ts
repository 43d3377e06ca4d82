import type { OutgoingRecord } from '../../../src/log/port.ts'
import type { Scenario } from '../scenario.ts'
import { eventOf, featureOf, labelOf, PANE_MS } from '../stream.ts'

const SEND_EVENTS = 5_000
/** Predictions of which no label ever comes. */
const NEVER_SHARE = 0.05
const DELAY_PANES_MAX = 3

/**
 * Labels come one to three panes after their predictions, some never; the process is killed in the middle,
 * with predictions waiting. Every label that came is joined to its prediction, and booked to its pane.
 */
export const delayedLabels: Scenario = {
  id: 'T12',
  name: 'delayed labels',
  brokers: 1,
  inQuick: false,
  async play({ open, quick, random }) {
    const events = quick ? 40_000 : 1_000_000
    const eventsPerPane = quick ? 2_000 : 20_000
    const field = await open({ name: 't12', flushEvents: 20_000 }, { eventsPerPane })
    let worker = field.start('observe')
    let left = 2
    /** Labels on their way, by the number of the event that they come after. */
    const due = new Map<number, OutgoingRecord[]>()
    let labels = 0
    for (let from = 0; from < events + DELAY_PANES_MAX * eventsPerPane; from += SEND_EVENTS) {
      const records: OutgoingRecord[] = []
      for (let number = from; number < from + SEND_EVENTS; number++) {
        if (number < events) {
          const event = eventOf(field.plan, number)
          const record = featureOf(event, field.features)
          records.push(record)
          field.oracle.addFeature(event, record.partition)
          if (random() >= NEVER_SHARE) {
            const delay = Math.ceil((1 + (DELAY_PANES_MAX - 1) * random()) * eventsPerPane)
            const label = labelOf(event, field.labels, (delay * PANE_MS) / eventsPerPane)
            const at = Math.min(number + delay, events + DELAY_PANES_MAX * eventsPerPane - 1)
            due.set(at, [...(due.get(at) ?? []), label])
            field.oracle.addLabel(event)
            labels++
          }
        }
        records.push(...(due.get(number) ?? []))
        due.delete(number)
      }
      await field.producer.send(records)
      const middle = events / (left + 1)
      if (left > 0 && from > (3 - left) * middle) {
        left--
        await field.reached(0.5)
        await worker.kill()
        worker = field.start('observe')
      }
    }
    await field.reached(1, 600_000)
    return { verdict: await field.verdict(), measured: { labels, kills: 2 } }
  },
}
