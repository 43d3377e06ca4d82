import { initialTriggerState } from '../triggers/state.ts'
import { decisionsOf, type NamedPolicy } from './policy-track.ts'
import { policyOnModel } from './reckoned-policy.ts'
import { countsOf } from './replay-history.ts'
import type { Course, ReplayedPolicy, ReplayResult } from './result.ts'
import { RetrainedCourse, type RetrainingOptions, type WholeHistory } from './retrained-course.ts'

/**
 * Replays a history under several policies, each in a course of its own in which candidates are really
 * trained, judged by the gates, and promoted. A training sees what had come when it was asked for: features
 * up to then, and of labels those that were known. Its outcome comes `trainingTimeMs` later in stream time;
 * from then on the events bear the promoted version, and predictions of its artifact. The stages that are
 * configured are played: a candidate in shadow answers every event beside the champion, one in its canary
 * its share by a hash of the id, and what their labels say moves it on as it would live.
 *
 * Events come in the order of their times. Each course holds its events in memory, about as many bytes as
 * they have as JSON.
 * @throws HISTORY_INVALID where there is no event or a source cannot be read; TRAINER_FAILED where a promoted
 * version leaves an event without a prediction
 */
export async function replayRetraining(
  history: WholeHistory,
  options: RetrainingOptions,
): Promise<ReplayResult> {
  const courses: Course[] = []
  const policies: ReplayedPolicy[] = []
  let first: Pick<ReplayResult, 'covered' | 'events'> | null = null
  for (const [index, policy] of options.policies.entries()) {
    const played = await playCourse(history, policy, index, options)
    first ??= played
    courses.push(played.course)
    policies.push(played.policy)
  }
  const { labelWaitMs } = options.stream
  const { covered, events } = first!
  return { retrained: true, covered, labelWaitMs, events, changes: options.changes, courses, policies }
}

async function playCourse(
  history: WholeHistory,
  policy: NamedPolicy,
  index: number,
  options: RetrainingOptions,
) {
  const models = new Map(
    [...options.models].map(([name, model]) => {
      return [name, { ...model, policy: policy.policies.get(name) ?? model.policy }]
    }),
  )
  const course = await RetrainedCourse.open(models, options, index)
  const { covered, events } = await course.play(history)
  const { record, line, requests } = course
  const played = record.models()
  return {
    covered,
    events,
    course: { counts: countsOf(record), models: played },
    policy: {
      name: policy.name,
      course: index,
      models: [...models.keys()].map((model) => {
        const trigger = line.detect.models.get(model)?.trigger ?? initialTriggerState()
        const own = requests.filter((request) => request.model === model)
        const decisions = decisionsOf(model, trigger, own)
        return policyOnModel(decisions, played, options.changes, models, options.stream.paneMs)
      }),
    },
  }
}
