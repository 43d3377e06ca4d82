import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { headerText } from '../../src/events/headers.ts'
import type { OutgoingRecord } from '../../src/log/port.ts'
import { Metrics } from '../../src/metrics/metrics.ts'
import { openSmallPipeline, readRecords, type SmallPipeline } from '../support/small-pipeline.ts'
import { mulberry32, type SmallWorld } from '../support/small-world.ts'

const MINUTES = 50
const world = (seed: number): SmallWorld => ({
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 22,
  eventsPerMinute: 120,
  seed,
})

interface LogLine {
  readonly msg: string
  readonly fromSnapshot?: boolean
  readonly records?: number
  readonly reason?: string
}

function listening() {
  const lines: LogLine[] = []
  const logger = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) })
  return { lines, logger, of: (text: string) => lines.filter(({ msg }) => msg.includes(text)) }
}

/** Every byte that the detector has published, but for its snapshots. */
async function toldBy(pipeline: SmallPipeline) {
  const told = []
  for (const topic of ['drift-events', 'retrain-requests', 'references', 'health']) {
    for (const { value, headers, timestamp } of await readRecords(pipeline.log, topic)) {
      const id = headerText(headers, 'ce_id')
      told.push({ topic, id, timestamp, value: Buffer.from(value!).toString() })
    }
  }
  return told
}

async function play(seed: number, restarts: readonly number[], snapshotBytes: number) {
  const heard = listening()
  const pipeline = await openSmallPipeline(world(seed), undefined, {
    snapshotBytes,
    logger: heard.logger,
  })
  let minute = 0
  for (const restart of [...restarts, MINUTES]) {
    await pipeline.play(world(seed), minute, restart)
    minute = restart
    if (restart < MINUTES) await pipeline.restart()
  }
  const told = await toldBy(pipeline)
  await pipeline.stop()
  return { told, heard }
}

const wholes = new Map<number, ReturnType<typeof play>>()

/** The same world told by processes that are never stopped. */
function playWhole(seed: number): ReturnType<typeof play> {
  const whole = wholes.get(seed) ?? play(seed, [], Number.MAX_SAFE_INTEGER)
  wholes.set(seed, whole)
  return whole
}

describe('a detector that is restarted from its snapshots', () => {
  it.each([1, 2, 3])(
    'says the same, byte for byte, as one that was never stopped (seed %i)',
    async (seed) => {
      const whole = await playWhole(seed)
      expect(whole.told.some(({ topic }) => topic === 'retrain-requests')).toBe(true)
      const random = mulberry32(seed)
      const restarts = Array.from({ length: 4 }, () => 1 + Math.floor(random() * (MINUTES - 1)))
      restarts.sort((a, b) => a - b)
      const { told, heard } = await play(seed, restarts, 30_000)
      expect(told).toEqual(whole.told)
      const rebuilt = heard.of('detector state rebuilt')
      expect(rebuilt.some(({ fromSnapshot }) => fromSnapshot)).toBe(true)
      expect(heard.of('snapshot not used')).toEqual([])
      // Read again is what came since the newest snapshot, not all there ever was.
      const replayed = rebuilt.filter(({ fromSnapshot }) => fromSnapshot).map(({ records }) => records!)
      expect(Math.max(...replayed)).toBeLessThan(120)
    },
  )
})

it('is due by what was read, however fast the stream is played, and tells what a restart would read', async () => {
  const snapshotBytes = 25_000
  const metrics = new Metrics()
  const pipeline = await openSmallPipeline(world(1), undefined, { snapshotBytes, metrics })
  await pipeline.play(world(1), 0, 30)
  for (const partition of [0, 1, 2]) {
    const all = await readRecords(pipeline.log, 'sketches', partition)
    const readBytes = all.reduce((sum, { value }) => sum + value!.byteLength + 512, 0)
    const taken = (await readRecords(pipeline.log, 'snapshots', partition)).filter(isManifest)
    expect(taken.length).toBeGreaterThan(0)
    expect(taken.length).toBeLessThanOrEqual(readBytes / snapshotBytes + 1)
    // A flush a minute: by the clock each would have been due.
    expect(taken.length).toBeLessThan(15)
  }
  const told = metrics.families().find(({ definition }) => definition.name === 'driftstream_replay_bytes')!
  expect(told.series.map(({ labels }) => labels.task)).toEqual(['0', '1', '2'])
  for (const { value } of told.series) expect(value).toBeLessThan(10 * snapshotBytes)
  await pipeline.stop()
})

describe('a snapshot that cannot be used', () => {
  const damages: readonly [string, string, (records: OutgoingRecord[]) => OutgoingRecord[]][] = [
    [
      'is of another version',
      'version 99',
      (records) => records.map((one) => edited(one, (text) => text.replace(/"version":\d+/, '"version":99'))),
    ],
    [
      'is of another configuration',
      'configuration',
      (records) =>
        records.map((one) => edited(one, (text) => text.replace(/"configuration":"/, '"configuration":"x'))),
    ],
    ['has other bytes than were written', 'hash', (records) => records.map(flipped)],
    [
      'lies ahead of what is committed',
      'positions',
      (records) => records.map((one) => edited(one, (text) => text.replace(/"offset":/g, '"offset":9'))),
    ],
  ]

  it.each(damages)('that %s is left aside, and all is read again', async (_what, reason, damage) => {
    const heard = listening()
    const pipeline = await openSmallPipeline(world(1), undefined, {
      snapshotBytes: 0,
      logger: heard.logger,
    })
    await pipeline.play(world(1), 0, 30)
    const producer = await pipeline.log.openProducer()
    for (const partition of [0, 1, 2]) {
      const newest = await newestSnapshot(pipeline, partition)
      await producer.send(damage(newest))
    }
    await pipeline.restart()
    await pipeline.play(world(1), 30, MINUTES)
    expect(heard.of('snapshot not used').map((line) => line.reason)).toEqual(
      Array(3).fill(expect.stringContaining(reason)),
    )
    const whole = await playWhole(1)
    expect(await toldBy(pipeline)).toEqual(whole.told)
    await pipeline.stop()
  })

  it('that broke off is passed over for the one before it', async () => {
    const heard = listening()
    const pipeline = await openSmallPipeline(world(1), undefined, {
      snapshotBytes: 0,
      logger: heard.logger,
    })
    await pipeline.play(world(1), 0, 10)
    const producer = await pipeline.log.openProducer()
    const [chunk] = await newestSnapshot(pipeline, 0)
    await producer.send([{ ...chunk!, headers: { ...chunk!.headers, 'driftstream.snapshot': 'broken-off' } }])
    await pipeline.restart()
    await pipeline.play(world(1), 10, 11)
    expect(heard.of('snapshot not used')).toEqual([])
    expect(heard.of('detector state rebuilt').filter(({ fromSnapshot }) => fromSnapshot)).toHaveLength(3)
    await pipeline.stop()
  })
})

/** The records of a partition's newest snapshot, as they could be sent again. */
async function newestSnapshot({ log }: SmallPipeline, partition: number): Promise<OutgoingRecord[]> {
  const topic = 'snapshots'
  const { low = 0, high = 0 } = (await log.offsets(topic)).find((one) => one.partition === partition) ?? {}
  const records: OutgoingRecord[] = []
  for await (const batch of log.read([{ topic, partition, from: low, to: high }])) {
    records.push(
      ...batch.records.map(({ key, value, headers, timestamp }) => {
        return { topic, partition, key, value, headers, timestamp }
      }),
    )
  }
  const id = headerText(records.at(-1)!.headers!, 'driftstream.snapshot')
  return records.filter(({ headers = {} }) => headerText(headers, 'driftstream.snapshot') === id)
}

function isManifest({ headers = {} }: Pick<OutgoingRecord, 'headers'>): boolean {
  return headerText(headers, 'driftstream.chunk') === undefined
}

function edited(record: OutgoingRecord, edit: (text: string) => string): OutgoingRecord {
  if (!isManifest(record)) return record
  return { ...record, value: Buffer.from(edit(Buffer.from(record.value!).toString())) }
}

function flipped(record: OutgoingRecord): OutgoingRecord {
  if (isManifest(record)) return record
  const value = Buffer.from(record.value!)
  value[value.length >> 1]! ^= 1
  return { ...record, value }
}
