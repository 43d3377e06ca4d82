/** What a task's latest delta said of its clock. */
export interface TaskWatermark {
  /** Largest event time of the task so far, epoch ms; -Infinity before its first event. */
  readonly watermark: number
  /** Nothing came for a while: nobody waits for this task. */
  readonly idle: boolean
}

/** The detector's clock: what every task said last, and the stream time that follows from it. */
export interface WatermarkState {
  readonly tasks: ReadonlyMap<number, TaskWatermark>
  /** Stream time, epoch ms; -Infinity before the first event. It never goes back. */
  readonly at: number
}

/** The clock before any delta. */
export function initialWatermark(): WatermarkState {
  return { tasks: new Map(), at: Number.NEGATIVE_INFINITY }
}

/**
 * The stream time that several tasks agree on: the least watermark of those that are not idle. When all
 * are idle nothing more is on its way, and it is the largest. Without tasks it is -Infinity.
 */
export function mergedWatermark(tasks: ReadonlyMap<number, TaskWatermark>): number {
  let least = Number.POSITIVE_INFINITY
  let largest = Number.NEGATIVE_INFINITY
  let active = false
  for (const { watermark, idle } of tasks.values()) {
    largest = Math.max(largest, watermark)
    if (idle) continue
    active = true
    least = Math.min(least, watermark)
  }
  return active ? least : largest
}

/**
 * The clock after a task's delta. It does not start before each of `taskCount` tasks has spoken: one that
 * has not may hold the oldest events of all. An idle task that comes back with old events, or a new owner
 * that starts again, holds the clock where it stands and never turns it back.
 */
export function advanceWatermark(
  state: WatermarkState,
  task: number,
  latest: TaskWatermark,
  taskCount: number,
): WatermarkState {
  const tasks = new Map(state.tasks).set(task, latest)
  return { tasks, at: tasks.size < taskCount ? state.at : Math.max(state.at, mergedWatermark(tasks)) }
}
