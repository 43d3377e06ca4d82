import { join } from 'node:path'
import type { ComparisonEvent } from '../../src/events/comparison-event.ts'
import { TERMINAL_STAGES } from '../../src/events/deployment-event.ts'
import type { RetrainRequest } from '../../src/events/retrain-request.ts'
import type { LiveWay } from './live-ways.ts'
import type { Rollouts } from './rollouts.ts'

const TRAINER = new URL('./gated-trainer.ts', import.meta.url).pathname

/** What the log has of one candidate, held against the way it was to go. */
export interface LiveCheck {
  readonly stages: number
  readonly comparisons: number
  /** Stages that are missing, and events of either kind that were written again. */
  readonly lost: number
  readonly doubled: number
  /** How often a stage, or a step of it, was said to have begun at another time than before. */
  readonly moved: number
  readonly faults: readonly string[]
}

/** A model's `retraining`, with a trainer that may begin at once when its gate is a file that is there. */
export function liveRetraining({ rollout, approval }: LiveWay, model: string, directory: string): string {
  const train = [
    process.execPath,
    TRAINER,
    'train',
    join(directory, 'starts'),
    join(directory, `${model}.gate`),
  ]
  const parts = [
    'holdoutMin: 200',
    `trainer: { command: [${train.join(', ')}], timeLimit: 5m }`,
    `rollout: ${rollout}`,
    ...(approval ? ['approval: { required: true, timeout: 1d, before: promotion }'] : []),
  ]
  return `{ ${parts.join(', ')} }`
}

/** One story: every stage once and in its order, its ends, one reference, and evidence that only grows. */
export async function checkLive(
  rollouts: Rollouts,
  request: RetrainRequest,
  { stages: wanted }: LiveWay,
): Promise<LiveCheck> {
  const [deployments, comparisons] = [await rollouts.of(request), await rollouts.comparisons(request)]
  const faults: string[] = []
  const expected: string[] = ['accepted', 'training', 'validating', 'validated', ...wanted]
  const came = deployments.map(({ stage }) => stage)
  if (came.join() !== expected.join()) {
    faults.push(`expected ${expected}, got ${came} (${deployments.at(-1)?.reason})`)
  }
  const ids = [...deployments, ...comparisons].map(({ id }) => id)
  const doubled = ids.length - new Set(ids).size
  if (doubled > 0) faults.push(`${doubled} events were written again`)
  const ends = came.filter((stage) => TERMINAL_STAGES.has(stage))
  const wantedEnds = wanted.filter((stage) => TERMINAL_STAGES.has(stage))
  if (ends.join() !== wantedEnds.join()) faults.push(`expected the ends ${wantedEnds}, got ${ends}`)
  const references = (await rollouts.references()).get(request.model) ?? 0
  if (references !== 1) faults.push(`expected one reference of the candidate, got ${references}`)
  const lost = expected.filter((stage) => !came.some((one) => one === stage)).length
  faults.push(...evidenceFaults(comparisons))
  const moved = comparisons.filter((told, index) => hasMoved(comparisons[index - 1], told)).length
  return { stages: came.length, comparisons: comparisons.length, lost, doubled, moved, faults }
}

/**
 * A stage begins with the pane behind the one in which the detector reads of it. One that reads the log again
 * may read it between other sketches than the detector before did, and begins a pane earlier or later.
 */
function hasMoved(before: ComparisonEvent | undefined, told: ComparisonEvent): boolean {
  if (before === undefined || before.stage !== told.stage) return false
  return told.since !== before.since || (told.step === before.step && told.stepSince !== before.stepSince)
}

/** Within a stage time goes on, and nothing is taken back that was counted since the same beginning. */
function evidenceFaults(comparisons: readonly ComparisonEvent[]): string[] {
  return comparisons.flatMap((told, index) => {
    const before = comparisons[index - 1]
    if (before === undefined || before.stage !== told.stage) return []
    const counted = ({ champion, challenger }: ComparisonEvent) => [
      champion.events,
      champion.labelled,
      challenger.events,
      challenger.labelled,
    ]
    const [now, then] = [counted(told), counted(before)]
    const where = `comparison ${index + 1} (${told.stage} ${told.step})`
    const isLess = !hasMoved(before, told) && now.some((n, at) => n < then[at]!)
    return [
      ...(told.at <= before.at ? [`${where}: its time, ${told.at}, is not behind ${before.at}`] : []),
      ...(isLess ? [`${where}: counted ${now}, before ${then}`] : []),
    ]
  })
}
