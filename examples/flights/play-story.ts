import type { Logger } from 'pino'
import type { AppOptions, ConfiguredModel } from '../../src/config/options.ts'
import type { Clock } from '../../src/consumers/edge.ts'
import { settle } from '../../src/consumers/settle.ts'
import { startProcesses } from '../../src/consumers/start.ts'
import { checkTopics, topicSpecs } from '../../src/consumers/topics.ts'
import type { Log, OutgoingRecord } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { DAY_MS, TRAINING_WEEKS, weekOf, weekStartMs } from './calendar.ts'
import type { ChartMark } from './chart.ts'
import { type Flights, flightDays, readFlights } from './data.ts'
import { createFirstModel } from './first-model.ts'
import { knownIncidents, type Plant, plantDay } from './plants.ts'
import { Player, SLICE_MS } from './player.ts'
import { Scoreboard } from './scoreboard.ts'
import { Serving } from './serving.ts'
import type { DemoSummary } from './story.ts'
import type { Display, Frame } from './terminal.ts'
import { openWitness, type Witness } from './witness.ts'

export interface Stage {
  readonly log: Log
  readonly options: AppOptions
  readonly logger: Logger
  readonly plants: readonly Plant[]
  readonly display: Display
}

const FIRST_DAY_MS = weekStartMs(TRAINING_WEEKS + 1)

/** Trains the first model, plays the rest of the stream slice by slice, and tells what became of it. */
export async function playStory(stage: Stage): Promise<DemoSummary> {
  const startedAt = performance.now()
  const { log, options, logger, plants, display } = stage
  const model = onlyModel(options)
  const { names, partitions, replicationFactor } = options.topics
  await log.createTopics(topicSpecs(names, partitions, replicationFactor, true))
  const counts = await checkTopics(log, names)

  tellActs(display, plants)
  const days = flightDays(readFlights())
  const { first, rest } = await untilFirstDay(days)
  const { model: firstModel, reference, flights } = createFirstModel(first, model)
  display.tell({
    at: FIRST_DAY_MS,
    kind: 'note',
    planted: false,
    text: `version ${model.version} learned from ${flights} flights; its reference holds ${reference.m}`,
  })

  let now = FIRST_DAY_MS
  const clock: Clock = { now: () => now }
  const stop = new AbortController()
  const producer = await log.openProducer()
  const referenceTopic = { topic: names.references, partitions: counts.references }
  const stamp = { source: '/driftstream-demo', now }
  await producer.send([referenceRecord(toReferenceEvent(reference), referenceTopic, stamp)])

  const witness = await openWitness(log, names, knownIncidents(plants))
  const running = await startProcesses(['observer', 'detector', 'retrainer'], log, options, {
    clock,
    logger,
    signal: stop.signal,
  })
  const scoreboard = new Scoreboard()
  const serving = new Serving(model.version, firstModel)
  const topics = {
    features: { topic: names.features, partitions: counts.features },
    labels: { topic: names.labels, partitions: counts.labels },
  }
  const player = new Player(model.name, topics, scoreboard)
  const marks: ChartMark[] = knownIncidents(plants).map(({ startedAt: at, planted }) => ({
    week: weekOf(at),
    kind: planted ? 'planted' : 'real',
  }))
  let events = 0
  const playedAt = performance.now()
  const frame = (): Frame => ({
    progress: {
      at: now,
      events,
      eventsPerSecond: Math.round((1000 * events) / (performance.now() - playedAt)),
      version: serving.served.version,
    },
    weeks: scoreboard.weeks(),
    marks,
  })

  const emit = async (records: readonly OutgoingRecord[], untilMs: number) => {
    now = untilMs
    const { written } = await producer.send(records)
    events += records.length
    await settle(running, written)
    const { lines, deployments } = await witness.catchUp()
    for (const line of lines) display.tell(line)
    for (const deployment of deployments) {
      if (deployment.stage === 'promoted') marks.push({ week: weekOf(now), kind: 'promoted' })
      await serving.follow(deployment)
    }
    display.show(now, frame)
  }

  try {
    for await (const day of rest) {
      const planted = plantDay(plants, day)
      const start = Math.floor(day.date[0]! / DAY_MS) * DAY_MS
      for (let from = start; from < start + DAY_MS; from += SLICE_MS) {
        await emit(player.slice(planted, from, serving.served), from + SLICE_MS)
      }
    }
    for (let i = 0; i < DAY_MS / SLICE_MS; i++) await emit(player.landed(now), now + SLICE_MS)
  } finally {
    stop.abort()
    await Promise.allSettled(running.map(({ done }) => done))
    await producer.close()
    await witness.close()
  }
  const seconds = (performance.now() - startedAt) / 1000
  const summary = summarise(seconds, events, (performance.now() - playedAt) / 1000, witness, scoreboard)
  display.finish(summary, frame())
  return summary
}

function summarise(
  seconds: number,
  events: number,
  playedSeconds: number,
  witness: Witness,
  scoreboard: Scoreboard,
): DemoSummary {
  return {
    seconds: Math.round(seconds * 10) / 10,
    events,
    eventsPerSecond: Math.round(events / playedSeconds),
    incidents: witness.incidents,
    ...witness.counts,
    versions: scoreboard.versions(),
  }
}

/** The days of the first four weeks, and the others, which go on being read while they are played. */
async function untilFirstDay(days: AsyncGenerator<Flights>) {
  const first: Flights[] = []
  for (;;) {
    const next = await days.next()
    if (next.done) throw new Error('the flights end before the first day to play')
    if (next.value.date[0]! >= FIRST_DAY_MS) return { first, rest: continued(next.value, days) }
    first.push(next.value)
  }
}

async function* continued(day: Flights, days: AsyncGenerator<Flights>): AsyncGenerator<Flights> {
  yield day
  yield* days
}

function tellActs(display: Display, plants: readonly Plant[]): void {
  for (const { name, planted, startedAt, story } of knownIncidents(plants)) {
    display.tell({ at: startedAt, kind: 'act', planted, text: `will come: ${name}: ${story}` })
  }
}

function onlyModel(options: AppOptions): ConfiguredModel {
  const [model] = options.models.values()
  return model!
}
