import type { ModelCourse } from '../course.ts'
import type { ReplayResult } from '../result.ts'
import { countText, durationText, timeText } from './wording.ts'

/** So small a share of a history says nothing of how it was asked for. */
const SHARE_TOLD = 0.01

/**
 * What a reader must know before believing the rest: what was not judged and since when, and what of the
 * input looks as if something else had been meant. One sentence each; none where all is as it should be.
 */
export function remarksOf(result: ReplayResult): string[] {
  const models = [...new Set(result.policies.flatMap((policy) => policy.models.map(({ model }) => model)))]
  const judged = models.flatMap((model) => {
    const course = result.courses[0]?.models.find((known) => known.model === model)
    return ofModel(model, course, result)
  })
  return [...ofOrder(result), ...ofLabels(result), ...judged]
}

function ofModel(model: string, course: ModelCourse | undefined, result: ReplayResult): string[] {
  const [first] = course?.references ?? []
  if (course === undefined || first === undefined) {
    return [
      `${model}: no version had a reference, so nothing was judged; one can be given with --reference, and a longer history may be enough to learn one from`,
    ]
  }
  const remarks: string[] = []
  if (first.since !== null) {
    remarks.push(
      `${model}: judged from ${timeText(first.since)} on; before that version ${first.version} learned its reference`,
    )
  }
  if (first.empty.length > 0) {
    remarks.push(
      `${model}: without one value in the reference of version ${first.version}: ${first.empty.join(', ')}; are they called so in the history?`,
    )
  }
  const { labels } = result.events
  if (labels > 0 && course.labelled === 0) {
    remarks.push(`${model}: no label has met its prediction; both must have the same id`)
  }
  return remarks
}

function ofOrder({ courses, events }: ReplayResult): string[] {
  const late = courses[0]!.counts.late
  const tooOld = events.refused.find(({ code }) => code === 'EVENT_TIME_TOO_OLD')?.count ?? 0
  if (late + tooOld <= SHARE_TOLD * (events.features + tooOld)) return []
  return [
    `${countText(late + tooOld)} rows stand behind later ones, so they came late or too late; a file that was not written in time order must be sorted first`,
  ]
}

function ofLabels({ courses, events, labelWaitMs }: ReplayResult): string[] {
  if (events.labels === 0) return ['no labels: performance is estimated where it can be, and not measured']
  const { orphanLabels } = courses[0]!.counts
  if (orphanLabels <= SHARE_TOLD * events.labels) return []
  return [
    `${countText(orphanLabels)} labels have no prediction: there is none of their id, or it waited no longer than stream.labelWait, ${durationText(labelWaitMs)}`,
  ]
}
