import { stableId } from '../events/stable-id.ts'
import type { ModelTriggerStatus, TriggerStatusEvent } from '../events/trigger-status-event.ts'
import type { ScheduleState } from '../triggers/schedule.ts'
import type { DetectState, ModelState } from './detect-state.ts'

/** About 100 KB of JSON. */
const MODELS_MAX = 500

/** How the triggers of a task's models stand at the end of its newest pane; nothing before the first, or without models. */
export function tellTriggers({ models, closedUntil }: DetectState, task: number): TriggerStatusEvent[] {
  if (closedUntil === null) return []
  const all = [...models.values()].map(statusOf)
  const events: TriggerStatusEvent[] = []
  for (let from = 0; from < all.length; from += MODELS_MAX) {
    const part = all.slice(from, from + MODELS_MAX)
    events.push({
      id: stableId('trigger-status', task, from, closedUntil),
      task,
      at: closedUntil,
      models: part,
    })
  }
  return events
}

function statusOf({ options, champion, trigger }: ModelState): ModelTriggerStatus {
  const { fired, requested, suppressed } = trigger.counts
  return {
    model: options.name,
    version: champion,
    fired,
    requested,
    suppressed: [...suppressed],
    inFlight: trigger.inFlight.map(({ requestId }) => requestId),
    nextScheduleAt: nextOf(trigger.schedules),
  }
}

/** The earliest time at which a schedule comes due, or came due and still waits. */
function nextOf(schedules: readonly ScheduleState[]): number | null {
  const times = schedules.flatMap(({ dueAt, nextAt }) => dueAt ?? nextAt ?? [])
  return times.length === 0 ? null : Math.min(...times)
}
