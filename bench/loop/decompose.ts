import type { RetrainRequest } from '../../src/events/retrain-request.ts'
import { RETRAINING_DEFAULTS } from '../../src/retraining/options.ts'
import { splitByTime } from '../../src/retraining/split.ts'
import { type PlayedCourse, playCourse, TRAINING_TIME_MS } from './play-course.ts'
import type { PolicyOutcome } from './play-world.ts'
import { EVERY_PERIOD, policiesOf, RECOMMENDED, recommendedPolicy } from './policies.ts'
import { prequential } from './prequential.ts'
import { DAY_MS, type World } from './world.ts'

/** What one course of a world whose changes are known came to. */
export type Decomposed = Pick<PolicyOutcome, 'policy' | 'accuracy' | 'logLoss' | 'retrains'>

/** Of `minimumSample` so much lies after a change when a request first answers it. */
const YOUNG_SHARE = (1 + RETRAINING_DEFAULTS.holdoutShare) / 2

/**
 * What a policy loses by when it asks, and what by what it learns from: courses in which the change points,
 * the rows to learn from, or both are given by someone who knows the world. Candidates of those courses keep
 * back a holdout as always, and serve without passing any gate.
 */
export async function decompose(world: World): Promise<Decomposed[]> {
  const policies = policiesOf(recommendedPolicy(), world)
  const played = async (name: string) => playCourse(world, policies.find((policy) => policy.name === name)!)
  const weekly = await played(EVERY_PERIOD)
  const ours = await played(RECOMMENDED)
  const asked = requestsOf(ours)
  const { minimumSample } = world.training
  const young = labelledAfterChanges(world, Math.ceil(YOUNG_SHARE * minimumSample))
  const grown = labelledAfterChanges(world, minimumSample)
  const dayAfter = world.changes.map(({ at }) => at + DAY_MS)
  const course = (policy: string, times: readonly number[], fromMs: (at: number) => number) =>
    courseOf(world, ours, policy, times, fromMs)
  return [
    outcomeOf(EVERY_PERIOD, weekly),
    outcomeOf(RECOMMENDED, ours),
    course(
      'its times and ranges, no gates',
      asked.map(({ at }) => at),
      (at) => asked.find((request) => request.at === at)!.trainingRange.fromMs,
    ),
    course(
      'its times, rows after the change alone',
      asked.map(({ at }) => at),
      sinceChange(world),
    ),
    course('change known, answered young, filled up from before it', young, lastSample(world)),
    course('change known, answered young, rows after it alone', young, sinceChange(world)),
    course('change known, answered once the sample lies after it', grown, sinceChange(world)),
    course('change known, answered after a day, rows after it alone', dayAfter, sinceChange(world)),
    course(
      'the same, and again once the sample lies after it',
      [...dayAfter, ...grown].sort((a, b) => a - b),
      sinceChange(world),
    ),
  ]
}

function outcomeOf(policy: string, { score, trained }: PlayedCourse): Decomposed {
  return { policy, accuracy: score.accuracy, logLoss: score.logLoss, retrains: trained.size - 1 }
}

function requestsOf({ deployments }: PlayedCourse): RetrainRequest[] {
  return deployments.flatMap(({ stage, request }) =>
    stage === 'accepted' && request !== null ? [request] : [],
  )
}

/** Trains at these times on what was labelled since `fromMs`, and has each candidate serve. */
function courseOf(
  world: World,
  ours: PlayedCourse,
  policy: string,
  times: readonly number[],
  fromMs: (at: number) => number,
): Decomposed {
  const all = [...world.past, ...world.rows]
  const served = times.map((at) => {
    const rows = all.filter((row) => row.at >= fromMs(at) && row.labelAt <= at)
    const split = splitByTime(rows, { ...RETRAINING_DEFAULTS, holdoutMin: 1 })
    return { at: at + TRAINING_TIME_MS, learned: world.learn(split.kind === 'split' ? split.train : rows) }
  })
  const { accuracy, logLoss } = prequential(world.rows, [ours.served[0]!, ...served])
  return { policy, accuracy, logLoss, retrains: times.length }
}

/** When so many labels of after each change are there; of a change with fewer, never. */
function labelledAfterChanges({ changes, rows }: World, count: number): number[] {
  return changes.flatMap(({ at }) => rows.filter((row) => row.at >= at)[count - 1]?.labelAt ?? [])
}

function sinceChange({ changes, past }: World): (at: number) => number {
  return (at) => Math.max(past[0]!.at, ...changes.flatMap((change) => (change.at <= at ? [change.at] : [])))
}

function lastSample({ past, rows, training }: World): (at: number) => number {
  const all = [...past, ...rows]
  return (at) => all.filter(({ labelAt }) => labelAt <= at).at(-training.minimumSample)!.at
}
