import fc from 'fast-check'
import { expect, it } from 'vitest'
import { topicSpecs } from '../../src/consumers/topics.ts'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import type { CommittedPosition, OutgoingRecord } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { openObserverTasks, SteppedTask } from '../support/observer-tasks.ts'
import { smallOptions, smallReference } from '../support/small-pipeline.ts'

const START_MS = Date.UTC(2027, 0, 1)
const LABEL_WAIT_MS = 200_000
/** What a restart reads at least where repeats over it are known for a shorter time than labels are waited for. */
const SHORT_MS = 20_000
/** What comes again does so within the time in which repeats are known, and event times go back a little. */
const REPEATS_WITHIN_MS = 1_500
const STEP_MS = 400
const EARLY_IDS = 12
const FLUSH_RECORDS = 150

const base = smallOptions('unused')
const { names } = base.topics
const world = { startMs: START_MS, turnsAtMinute: 1e6, eventsPerMinute: 40, seed: 7 }
const reference = smallReference(world)
const rollout = {
  shadow: { minimumMs: 1, maximumMs: 1e9, labelledMin: 1, onTimeout: 'reject' },
  canary: null,
  watch: null,
  harm: 0.05,
  proof: 0.05,
  margin: 0.01,
} as const

interface Told {
  readonly topic: string
  readonly value: object
  readonly at: number
}

interface Known {
  readonly id: string
  /** Event time of its prediction; null while there is only a label. */
  predictedAt: number | null
  /** Of its first label. */
  labelledAt: number | null
}

interface Plan {
  readonly seed: number
  /** The flush after which the second task is built. */
  readonly restartAt: number
  readonly inShadow: boolean
  readonly store: boolean
  /** Of the time in which repeats are known over a restart. */
  readonly isShort: boolean
}

/** A stream of predictions and labels, early, late, never and again, as the numbers say. */
function streamOf({ seed, inShadow, isShort }: Plan, length: number): Told[] {
  const random = fc.sample(fc.nat(1_000_000), { seed, numRuns: 4 * length })
  let drawn = 0
  const below = (count: number) => random[drawn++ % random.length]! % count
  const told: Told[] = []
  const known: Known[] = []
  let [now, early] = [START_MS, 0]
  const predict = (of: Known, version: string) => {
    of.predictedAt ??= now
    const features = { x: below(100) / 10, c: `c${below(3)}` }
    const event = { model: 'small', version, id: of.id, at: now, features, prediction: below(2), score: 0.5 }
    told.push({ topic: names.features, value: event, at: now })
  }
  const label = (of: Known) => {
    of.labelledAt ??= now
    told.push({
      topic: names.labels,
      value: { model: 'small', id: of.id, at: now, label: below(2) },
      at: now,
    })
  }
  while (told.length < length) {
    // What expires waits behind what came before it, be that younger: without it, it goes a look earlier.
    now += below(STEP_MS) - (inShadow || isShort ? 0 : STEP_MS / 10)
    const kind = below(10)
    const one = known[below(Math.max(1, known.length))]
    const recent = known.at(-1 - below(Math.max(1, Math.min(known.length, 20))))
    const isRecent = recent?.predictedAt != null && now - recent.predictedAt < REPEATS_WITHIN_MS
    if (kind < 5) {
      known.push({ id: `p-${told.length}`, predictedAt: null, labelledAt: null })
      predict(known.at(-1)!, below(2) === 0 ? '1' : '2')
    } else if (kind < 8) {
      // Some come too late, and nobody waits for them.
      const isLate = now - (one?.predictedAt ?? now) > LABEL_WAIT_MS
      if (one !== undefined && one.labelledAt === null && (!isLate || below(20) === 0)) label(one)
    } else if (kind === 8 && isRecent) {
      if (below(2) === 0 || recent.labelledAt === null)
        predict(recent, inShadow && below(2) === 0 ? '3' : '1')
      else label(recent)
    } else if (kind === 9 && early < EARLY_IDS) {
      early++
      known.push({ id: `e-${told.length}`, predictedAt: null, labelledAt: null })
      label(known.at(-1)!)
    } else if (one?.predictedAt === null && now - one.labelledAt! < LABEL_WAIT_MS / 2) predict(one, '1')
  }
  return told
}

/** Plays a stream to a task that goes on and, from one flush on, to one that is built again; what both write. */
async function played(stream: readonly Told[], { restartAt, inShadow, store, isShort }: Plan) {
  const log = openMemoryLog()
  await log.createTopics(topicSpecs(names, 1, 1, true))
  const producer = await log.openProducer()
  const stamp = { source: '/test', now: START_MS }
  const references = { topic: names.references, partitions: 1 }
  await producer.send([referenceRecord(toReferenceEvent(reference), references, stamp)])
  const records = stream.map(
    ({ topic, value, at }): OutgoingRecord => ({
      topic,
      partition: 0,
      key: null,
      value: Buffer.from(JSON.stringify(value)),
      timestamp: at,
    }),
  )
  await producer.send(records)
  const model = { ...base.models.get('small')!, ...(inShadow && { rollout }) }
  const options = {
    ...base,
    topics: { ...base.topics, partitions: 1 },
    stream: {
      ...base.stream,
      paneMs: 10_000,
      labelWaitMs: LABEL_WAIT_MS,
      repeatWaitMs: isShort ? SHORT_MS : LABEL_WAIT_MS,
      waitingMax: store ? 64 : 100_000,
    },
    models: new Map([['small', model]]),
    ...(store && { join: { diskBytesMax: 2 ** 30, directory: null } }),
  }
  const observer = await openObserverTasks(log, options, START_MS)
  const start: CommittedPosition[] = [names.features, names.labels].map((topic) => ({
    topic,
    partition: 0,
    offset: 0,
  }))
  const going = new SteppedTask(await observer.open(start), log, start)
  let restored: SteppedTask | null = null
  let origin: readonly CommittedPosition[] = start
  const written: [string[], string[]][] = []
  const ends = new Map(start.map(({ topic }) => [topic, 0]))
  for (let flush = 0; flush * FLUSH_RECORDS < stream.length; flush++) {
    for (const { topic } of stream.slice(flush * FLUSH_RECORDS, (flush + 1) * FLUSH_RECORDS)) {
      ends.set(topic, ends.get(topic)! + 1)
      for (const task of [going, restored]) await task?.foldTo(topic, ends.get(topic)!)
    }
    const { deltas, committed } = await going.flush(names.sketches)
    if (restored !== null) written.push([deltas, (await restored.flush(names.sketches)).deltas])
    else if (flush >= restartAt) {
      restored = new SteppedTask(await observer.open(committed), log, committed)
      origin = committed
    }
  }
  await Promise.all([going.close(), restored?.close(), observer.close()])
  await log.close()
  const from = JSON.parse(origin[0]!.note!).from as number
  return { written, skipped: from, committed: origin[0]!.offset }
}

/** Read again is a second answer or a repeat, and its first was not: it is taken for one that waits. */
function repeatsWhatIsGone(stream: readonly Told[], from: number): boolean {
  const ids = stream
    .filter(({ topic }) => topic === names.features)
    .map(({ value }) => (value as { id: string }).id)
  const gone = new Set(ids.slice(0, from))
  return ids.slice(from).some((id) => gone.has(id))
}

it('a join that is built again from its oldest writes what the one writes that went on', async () => {
  let [skipped, restarts] = [0, 0]
  const plan: fc.Arbitrary<Plan> = fc
    .record({
      seed: fc.nat(),
      restartAt: fc.integer({ min: 8, max: 14 }),
      inShadow: fc.boolean(),
      store: fc.boolean(),
      isShort: fc.boolean(),
    })
    .filter(({ inShadow, store }) => !(inShadow && store))
  await fc.assert(
    fc.asyncProperty(plan, async (one) => {
      const stream = streamOf(one, 2_400)
      const result = await played(stream, one)
      fc.pre(!repeatsWhatIsGone(stream, result.skipped))
      for (const [going, restored] of result.written) expect(restored).toEqual(going)
      restarts++
      if (result.skipped > 0) skipped++
    }),
    { numRuns: 30 },
  )
  // Otherwise it would have been built from everything, and nothing shown.
  expect(skipped).toBeGreaterThan(restarts / 4)
}, 120_000)
