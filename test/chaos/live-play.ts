import { setTimeout as sleep } from 'node:timers/promises'
import { sendDecision } from '../../src/consumers/send-command.ts'
import type { ComparisonEvent, ComparisonNumbers } from '../../src/events/comparison-event.ts'
import type { DeploymentEvent } from '../../src/events/deployment-event.ts'
import type { RetrainRequest } from '../../src/events/retrain-request.ts'
import type { Field } from './field.ts'
import type { LiveCast } from './live-cast.ts'
import { answersOf, labelsOf } from './live-traffic.ts'
import type { LiveWay } from './live-ways.ts'
import { MINUTE_MS, MINUTES, type Rollouts } from './rollouts.ts'
import { STRIKE_MOMENTS } from './struck-transaction.ts'

const LOOK_MS = 50
/** Longer than any way takes. */
const LIVE_MINUTES_MAX = 60
/** Minutes that are played behind the end: nothing may follow it. */
const AFTER_MINUTES = 2
/** Comparisons of each stage at which the detector is killed. */
const COMPARISONS_STRUCK = 2

/** By what a candidate went its way: its story without names, and with times counted from its beginning. */
export interface LiveStory {
  readonly stages: readonly string[]
  readonly comparisons: readonly string[]
}

export interface LivePlayOptions {
  readonly way: LiveWay
  readonly model: string
  readonly startMs: number
  /** Null: nobody is killed. Else the first of the moments, which follow one another from strike to strike. */
  readonly strikesFrom: number | null
}

/**
 * Plays one way of a candidate: a serving side that answers minute by minute as the stages say, and waits
 * after its answers, and after their labels, until all has had its consequences. So what the processes are
 * told is the same each time, whoever of them is killed.
 */
export async function playLive(
  field: Field,
  rollouts: Rollouts,
  cast: LiveCast,
  { way, model, startMs, strikesFrom }: LivePlayOptions,
): Promise<{ request: RetrainRequest; story: LiveStory }> {
  const world = rollouts.world(startMs)
  const request = await rollouts.prepare(model, startMs)
  await cast.through()
  const strikes = { retrain: 0, detect: 0, observe: 0 }
  const arm = (reached: number) => {
    if (strikesFrom === null) return
    const moment = (struckBefore: number) => STRIKE_MOMENTS[(strikesFrom + struckBefore) % 3]!
    if (!cast.isArmed('retrain')) {
      cast.arm('retrain', moment(strikes.retrain++), {
        says: ({ request: id, stage }) => id === request.id && way.stages.some((own) => own === stage),
      })
    }
    if (reached > 0 && !cast.isArmed('detect') && strikes.detect < COMPARISONS_STRUCK * reached) {
      cast.arm('detect', moment(strikes.detect++), { writes: field.names.comparisons })
    }
    if (reached > 0 && strikes.observe === 0) {
      cast.arm('observe', moment(strikes.observe++), { writes: field.names.sketches })
    }
  }

  arm(0)
  await rollouts.ask(request)
  let events = await rollouts.of(request)
  while (liveOf(events, way).length === 0) {
    await sleep(LOOK_MS)
    await cast.through()
    events = await rollouts.of(request)
    const last = events.at(-1)
    if (last?.stage === 'rejected' || last?.stage === 'failed') throw new Error(`${model}: ${last.reason}`)
  }
  let after = 0
  const reachedAt = new Map<string, number>()
  const since = (stage: string | undefined, minute: number) => minute - (reachedAt.get(stage ?? '') ?? minute)
  for (let minute = MINUTES; after < AFTER_MINUTES; minute++) {
    await cast.through()
    events = await rollouts.of(request)
    const live = liveOf(events, way)
    for (const { stage } of live) if (!reachedAt.has(stage)) reachedAt.set(stage, minute)
    if (live.length >= way.stages.length) after++
    else if (minute > MINUTES + LIVE_MINUTES_MAX) {
      throw new Error(
        `${model} (${way.name}): expected ${way.stages}, came to ${live.map(({ stage }) => stage)}`,
      )
    }
    arm(live.length)
    if (way.says !== null && since(way.says.at, minute) === 1) {
      await say(field, request, way.says.kind)
      await cast.through()
      events = await rollouts.of(request)
    }
    const isSpoilt = since(way.spoiltAt ?? undefined, minute) >= 2
    await field.producer.send(answersOf(field, model, world, minute, events, isSpoilt))
    await cast.through()
    await field.producer.send(labelsOf(field, model, world, minute))
    await cast.through()
  }
  cast.disarm()
  return { request, story: await storyOf(rollouts, request, startMs) }
}

/** What came behind open gates. */
export function liveOf(events: readonly DeploymentEvent[], { stages }: LiveWay): DeploymentEvent[] {
  return events.filter(({ stage }) => stages.includes(stage))
}

export async function say(
  { log, names }: Field,
  request: RetrainRequest,
  kind: 'approve' | 'cancel',
): Promise<void> {
  await sendDecision(log, names, { kind, request: request.id, by: 'ada', reason: 'said so', at: request.at })
}

/** Read from the log alone. */
export async function storyOf(
  rollouts: Rollouts,
  request: RetrainRequest,
  startMs: number,
): Promise<LiveStory> {
  const [deployments, comparisons] = [await rollouts.of(request), await rollouts.comparisons(request)]
  return {
    stages: deployments.map((event) => toldOf(event, startMs)),
    comparisons: comparisons.map((event) => comparedOf(event, startMs)),
  }
}

/** Confidence intervals of gates are drawn from the request's id, and so are not the same for two of them. */
function toldOf(event: DeploymentEvent, startMs: number): string {
  const { stage, fromVersion, toVersion, trafficShare, step = null, comparison, reason } = event
  const numbers = comparison === undefined ? null : sinceStart(comparison, startMs)
  const words = reason.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'some time')
  return JSON.stringify([stage, fromVersion, toVersion, trafficShare, step, numbers, words])
}

function comparedOf(event: ComparisonEvent, startMs: number): string {
  const { id: _id, model: _model, requestId: _requestId, ...told } = event
  return JSON.stringify(sinceStart(told, startMs))
}

function sinceStart<T extends Pick<ComparisonNumbers, 'at' | 'since' | 'stepSince'>>(
  told: T,
  startMs: number,
): T {
  const { at, since, stepSince } = told
  return { ...told, at: at - startMs, since: since - startMs, stepSince: stepSince - startMs }
}

/** The minutes between the beginnings of two plays: what one has seen is over when the next begins. */
export const PLAY_MS = (MINUTES + LIVE_MINUTES_MAX + 10) * MINUTE_MS
