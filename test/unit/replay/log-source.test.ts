import { expect, it } from 'vitest'
import { DEFAULT_MAPPING } from '../../../src/events/mapping.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import { featureRecord, labelRecord } from '../../../src/producers/source-events.ts'
import { openLogged } from '../../../src/replay/log-source.ts'
import { replayHistory } from '../../../src/replay/replay-history.ts'
import { ALL_TIME } from '../../../src/replay/replay-options.ts'
import { framedRecords, registryOf, tableOf } from '../../support/fake-registry.ts'
import { FORMATS } from '../../support/framed-events.ts'
import { listedHistory, smallHistory, smallReplay } from '../../support/small-history.ts'
import type { SmallWorld } from '../../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 20, eventsPerMinute: 100, seed: 3 }
const topics = { features: 'features', labels: 'labels' }

it('is the same from a log of several partitions as from a list, and of a range by the time of records', async () => {
  const history = smallHistory(world, 40)
  const log = openMemoryLog()
  await log.createTopics(['features', 'labels'].map((topic) => ({ topic, partitions: 3 })))
  const producer = await log.openProducer()
  await producer.send([
    ...history.features.map((event) => featureRecord(event, { topic: 'features', partitions: 3 })),
    ...history.labels.map((event) => labelRecord(event, { topic: 'labels', partitions: 3 })),
  ])
  await producer.send([
    { topic: 'features', partition: 1, key: null, value: Buffer.from('{'), timestamp: world.startMs },
  ])

  const progress = { recordsRead: 0, recordsTotal: 0 }
  const replayed = async (range = ALL_TIME) =>
    replayHistory(
      await openLogged(log, { mapping: DEFAULT_MAPPING, topics, range, spans: [], progress }),
      smallReplay(world, { range }),
    )
  const listed = await replayHistory(listedHistory(history), smallReplay(world))
  const found = await replayed()
  expect(listed.courses[0]!.models[0]!.drift.length).toBeGreaterThan(0)
  expect(found.courses).toEqual(listed.courses)
  expect(found.events.refused).toMatchObject([
    {
      code: 'EVENT_UNDECODABLE',
      count: 1,
      firstAt: expect.stringMatching(/^features, partition 1, offset \d+$/),
    },
  ])
  const range = { fromMs: world.startMs + 5 * 60_000, toMs: world.startMs + 10 * 60_000 }
  expect((await replayed(range)).covered).toEqual({ fromMs: range.fromMs, toMs: range.toMs - 600 })
  await log.close()
})

it.each(FORMATS)(
  "is the same of %s in a schema registry's frames, and without a registry refused",
  async (format) => {
    const history = smallHistory(world, 40)
    const { feature, label } = framedRecords(format)
    const log = openMemoryLog()
    await log.createTopics(['features', 'labels'].map((topic) => ({ topic, partitions: 3 })))
    const producer = await log.openProducer()
    await producer.send([
      ...history.features.map((event) => feature(event, { topic: 'features', partitions: 3 })),
      ...history.labels.map((event) => label(event, { topic: 'labels', partitions: 3 })),
    ])
    const schemas = tableOf(registryOf(format))
    const replayed = async (known: { schemas?: typeof schemas }) => {
      const progress = { recordsRead: 0, recordsTotal: 0 }
      const logged = { mapping: DEFAULT_MAPPING, topics, range: ALL_TIME, spans: [], progress, ...known }
      return replayHistory(await openLogged(log, logged), smallReplay(world))
    }
    const listed = await replayHistory(listedHistory(history), smallReplay(world))
    expect(listed.courses[0]!.models[0]!.drift.length).toBeGreaterThan(0)
    const found = await replayed({ schemas })
    expect(found.courses).toEqual(listed.courses)
    expect(found.events.refused).toEqual([])
    const refused = `all ${history.features.length + history.labels.length} were refused, the first (SCHEMA_REGISTRY_MISSING)`
    await expect(replayed({})).rejects.toThrow(refused)
    schemas.close()
    await log.close()
  },
)
