import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeploymentEvent } from '../../../src/events/deployment-event.ts'
import type { RetrainRequest } from '../../../src/events/retrain-request.ts'
import type { Field } from '../field.ts'
import { LiveCast } from '../live-cast.ts'
import { checkLive, liveRetraining } from '../live-checks.ts'
import { liveOf, say } from '../live-play.ts'
import { answersOf, labelsOf } from '../live-traffic.ts'
import { LIVE_WAYS, type LiveWay } from '../live-ways.ts'
import { MINUTE_MS, MINUTES, Rollouts } from '../rollouts.ts'
import type { Arena, Scenario } from '../scenario.ts'
import { STRIKE_MOMENTS } from '../struck-transaction.ts'

const START_MS = Date.UTC(2026, 0, 5)
/** So much of the clock a minute of the stream takes at least, whatever the processes are at. */
const PACE_MS = 250
const LOOK_MS = 100
/** A candidate that turns bad late is surely worse after about as long as it was good. */
const WAY_MAX_MS = 300_000
/** So long a minute waits for a look at the stages, which nobody gets while a transaction lies open. */
const HEARD_MAX_MS = 2_000
const AFTER_MS = 3_000
/** Between two plays: longer than any of them is in stream time. */
const PLAY_MS = (MINUTES + WAY_MAX_MS / PACE_MS + 10) * MINUTE_MS
/** The chance, a minute, that somebody is marked for its next transaction. */
const MARKED = 0.12

/**
 * The ways of candidates while the stream goes on: nobody waits for a process that is killed, so what is
 * compared is another each time. Still every candidate has one story. Its evidence grows; where a detector
 * that was started again lets a stage begin at another pane, that is told.
 */
export const liveStagesRestless: Scenario = {
  id: 'T20',
  name: 'live stages, restless',
  brokers: 1,
  inQuick: false,
  async play(arena) {
    const { cluster, open, quick, seed } = arena
    const ways = LIVE_WAYS.filter(({ name }) => !quick || name === 'to the end')
    const byModel = new Map(ways.map((way, index) => [`m${index}`, way]))
    const field = await open(
      {
        name: 't20',
        partitions: 1,
        sessionTimeout: '6s',
        transactionTimeout: '2m',
        triggers: '{ trigger: { kind: performance }, minimumSample: 100000000 }',
        retraining: (model, directory) => liveRetraining(byModel.get(model)!, model, directory),
      },
      { models: [...byModel.keys()] },
    )
    const rollouts = new Rollouts(field, seed)
    const cast = new LiveCast(cluster, field)
    // Whoever comes next reads all sketches again: nothing is as it was, but what the log makes of it.
    cast.detectorEnv = { DRIFTSTREAM_STREAM__SNAPSHOT_AFTER: '1000GiB' }
    await cast.replace(['detect'])
    let startMs = START_MS
    for (const [model, way] of byModel) {
      await playRestless(arena, field, rollouts, cast, way, model, startMs)
      startMs += PLAY_MS
    }
    for (const request of rollouts.requests.values()) await rollouts.ask(request)
    await cast.through()
    const faults = cast.ended()
    let [lost, doubled, moved, stages, comparisons] = [0, 0, 0, 0, 0]
    for (const [model, way] of byModel) {
      const check = await checkLive(rollouts, rollouts.requests.get(`request-${model}`)!, way)
      stages += check.stages
      comparisons += check.comparisons
      lost += check.lost
      doubled += check.doubled
      moved += check.moved
      faults.push(...check.faults.map((fault) => `${way.name}: ${fault}`))
    }
    return {
      verdict: { events: stages + comparisons, lost, doubled, faults },
      measured: { ways: ways.length, kills: cast.kills, stages, comparisons, 'beginnings moved': moved },
    }
  },
}

async function playRestless(
  { random }: Arena,
  field: Field,
  rollouts: Rollouts,
  cast: LiveCast,
  way: LiveWay,
  model: string,
  startMs: number,
): Promise<void> {
  const world = rollouts.world(startMs)
  writeFileSync(join(field.directory, `${model}.gate`), '')
  const request = await rollouts.prepare(model, startMs)
  await cast.through()
  await rollouts.ask(request)
  const heard = new Heard(rollouts, request)
  const endsAt = performance.now() + WAY_MAX_MS
  let stopsAt = endsAt
  let minute = MINUTES
  let reached = 0
  let reachedAt = minute
  while (performance.now() < stopsAt && heard.failed === null) {
    const live = liveOf(heard.events, way)
    if (live.length !== reached) [reached, reachedAt] = [live.length, minute]
    if (reached >= way.stages.length) stopsAt = Math.min(stopsAt, performance.now() + AFTER_MS)
    else mark(cast, field, request, way, random)
    const at = live.at(-1)?.stage
    const { says } = way
    if (says !== null && says.at === at && minute === reachedAt + 1) await say(field, request, says.kind)
    const isSpoilt = live.some(({ stage }) => stage === way.spoiltAt) && minute >= reachedAt + 2
    await field.producer.send([
      ...answersOf(field, model, world, minute, heard.events, isSpoilt),
      ...labelsOf(field, model, world, minute),
    ])
    minute++
    await Promise.all([sleep(PACE_MS), Promise.race([heard.next(), sleep(HEARD_MAX_MS)])])
  }
  await heard.close()
  cast.disarm()
  await cast.through()
}

/** Now and then somebody is to be struck at its next transaction that matters. */
function mark(
  cast: LiveCast,
  { names }: Field,
  request: RetrainRequest,
  way: LiveWay,
  random: () => number,
): void {
  const [die, moment] = [random(), STRIKE_MOMENTS[Math.floor(3 * random())]!]
  const victim = (['retrain', 'detect', 'observe'] as const)[Math.floor((3 * die) / MARKED)]
  if (victim === undefined || cast.isArmed(victim)) return
  const isStage = (id: string | undefined, stage: string | undefined) =>
    id === request.id && way.stages.some((own) => own === stage)
  cast.arm(
    victim,
    moment,
    victim === 'retrain'
      ? { says: (line) => isStage(line.request, line.stage) }
      : { writes: victim === 'detect' ? names.comparisons : names.sketches },
  )
}

/** What a serving side has heard of a candidate so far: it reads on while the stream goes on. */
class Heard {
  events: readonly DeploymentEvent[] = []
  failed: { readonly error: unknown } | null = null
  #looked: (() => void)[] = []
  readonly #reading: Promise<void>
  #isOver = false

  constructor(rollouts: Rollouts, request: RetrainRequest) {
    this.#reading = this.#read(rollouts, request).catch((error: unknown) => {
      this.failed = { error }
      this.#tell()
    })
  }

  /** Resolves when the look that is under way has come to its end, or to nothing. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#looked.push(resolve))
  }

  async close(): Promise<void> {
    this.#isOver = true
    await this.#reading
    if (this.failed !== null) throw this.failed.error
  }

  async #read(rollouts: Rollouts, request: RetrainRequest): Promise<void> {
    while (!this.#isOver) {
      this.events = await rollouts.of(request)
      this.#tell()
      await sleep(LOOK_MS)
    }
  }

  #tell(): void {
    for (const looked of this.#looked.splice(0)) looked()
  }
}
