import { setTimeout as sleep } from 'node:timers/promises'
import { topicSpecs } from '../../../src/consumers/topics.ts'
import { headerText } from '../../../src/events/headers.ts'
import type { Field } from '../field.ts'
import type { Scenario } from '../scenario.ts'

const PANES = 30
const EVENTS_PER_MODEL_AND_PANE = 120
/** Two features each, so many windows of a feature are half full when the detector dies. */
const MODELS = 250
const FEATURES = 2
const PATIENCE_MS = 900_000
/** Bytes of sketches between two: never, and so few that the second restart finds one. */
const NO_SNAPSHOTS = { DRIFTSTREAM_STREAM__SNAPSHOT_AFTER: '1000GiB' }
const SNAPSHOTS = { DRIFTSTREAM_STREAM__SNAPSHOT_AFTER: '64KiB' }

/**
 * Two detectors read the same sketches, one of them killed twice with hundreds of windows open: once it has to
 * read everything again, once it finds a snapshot. What they publish is the same, byte for byte but for their
 * names, and no event has been published twice.
 */
export const detectorRestart: Scenario = {
  id: 'T13',
  name: 'detector restart',
  brokers: 1,
  inQuick: false,
  async play({ open, quick }) {
    const models = Array.from({ length: quick ? 10 : MODELS }, (_, index) => `m${index}`)
    const eventsPerPane = models.length * EVENTS_PER_MODEL_AND_PANE
    const events = PANES * eventsPerPane
    const field = await open({ name: 't13' }, { models, eventsPerPane, shiftsAt: events / 2 })
    const calm = await detectorOf(field, 'calm')
    const tried = await detectorOf(field, 'tried')
    let victim = tried.start(NO_SNAPSHOTS)
    const undisturbed = calm.start()
    // References first: what is judged before its reference is there is judged otherwise.
    for (const detector of [calm, tried]) await detector.reached(1, [field.names.references])
    field.start('observe')
    const counting = field.produce(events)
    const restored: boolean[] = []
    for (const share of [0.4, 0.7]) {
      while (field.produced < share * events) await sleep(50)
      await field.reached(0.9, PATIENCE_MS)
      await tried.reached(0.9, [field.names.sketches])
      if (restored.length > 0) await tried.keptSnapshots()
      await victim.kill()
      victim = tried.start(SNAPSHOTS)
      restored.push((await victim.says(({ fromSnapshot }) => fromSnapshot !== undefined)).fromSnapshot!)
    }
    await counting
    await field.reached(1, PATIENCE_MS)
    for (const detector of [calm, tried]) await detector.reached(1, [field.names.sketches])
    const [one, other] = [await calm.published(), await tried.published()]
    const faults: string[] = []
    if (restored.join() !== 'false,true') {
      faults.push(`expected to read all again once and to find a snapshot then, got ${restored}`)
    }
    if (!undisturbed.isRunning) faults.push('the undisturbed detector has ended')
    if (one.length < models.length)
      faults.push(`expected drift of ${models.length} models, got ${one.length} events`)
    const ids = new Set(other.map(({ id }) => id))
    if (ids.size !== other.length) faults.push(`${other.length - ids.size} drift events were published twice`)
    const differing = one.filter(({ bytes }, index) => bytes !== other[index]?.bytes).length
    if (one.length !== other.length) faults.push(`expected ${one.length} drift events, got ${other.length}`)
    if (differing > 0) faults.push(`${differing} drift events are other bytes`)
    return {
      verdict: await field.verdict(),
      measured: {
        'open states': FEATURES * models.length,
        models: models.length,
        'drift events': one.length,
      },
      faults,
    }
  },
}

/** A detector with topics for its events and a group of its own, on the sketches of the field. */
async function detectorOf(field: Field, name: string) {
  const { options, names } = field
  const topics = {
    driftEvents: `${names.driftEvents}-${name}`,
    retrainRequests: `${names.retrainRequests}-${name}`,
    snapshots: `${names.snapshots}-${name}`,
  }
  const group = `${options.name}-${name}`
  await field.log.createTopics(
    topicSpecs({ ...names, ...topics }, options.partitions, 1, true).filter(({ topic }) =>
      Object.values(topics).includes(topic),
    ),
  )
  return {
    start: (env: Readonly<Record<string, string>> = {}) =>
      field.start('detect', {
        ...env,
        DRIFTSTREAM_GROUP: group,
        DRIFTSTREAM_TOPICS__DRIFT_EVENTS: topics.driftEvents,
        DRIFTSTREAM_TOPICS__RETRAIN_REQUESTS: topics.retrainRequests,
        DRIFTSTREAM_TOPICS__SNAPSHOTS: topics.snapshots,
      }),
    async reached(share: number, wanted: readonly string[]): Promise<void> {
      await field.reached(share, PATIENCE_MS, [`${group}.detector`, wanted])
    },
    /** Resolves when every task has a snapshot committed: one of them may be far behind the others. */
    async keptSnapshots(): Promise<void> {
      for (;;) {
        const ends = await field.log.offsets(topics.snapshots)
        if (ends.every(({ high }) => high > 0)) {
          const topic = topics.snapshots
          const ranges = ends.map(({ partition, low, high }) => ({ topic, partition, from: low, to: high }))
          // Read to the end, nothing is left open.
          for await (const _ of field.log.read(ranges));
          return
        }
        await sleep(50)
      }
    },
    /** Values and ids, partition by partition, the group's name taken out of them. */
    async published(): Promise<{ id: string; bytes: string }[]> {
      const found: { id: string; bytes: string }[] = []
      for (const { partition, low, high } of await field.log.offsets(topics.driftEvents)) {
        const range = { topic: topics.driftEvents, partition, from: low, to: high }
        for await (const { records } of field.log.read([range])) {
          for (const { value, headers } of records) {
            const texts = Object.keys(headers).map((header) => [header, headerText(headers, header)])
            const text = JSON.stringify([Buffer.from(value!).toString(), texts])
            found.push({ id: headerText(headers, 'ce_id')!, bytes: text.replaceAll(group, 'group') })
          }
        }
      }
      return found
    },
  }
}
