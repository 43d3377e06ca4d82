import type { FeatureValue } from '../../../src/events/feature-event.ts'
import type { Finding } from '../../../src/events/finding.ts'
import { layoutOf } from '../../../src/sketches/block-layout.ts'
import { createFeatureBlock } from '../../../src/sketches/feature-block.ts'
import { createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { addOutcome, addScore } from '../../../src/sketches/performance-counts.ts'
import {
  countStagedRows,
  createStagedRows,
  STAGED_ROWS_MAX,
  stageRow,
} from '../../../src/sketches/staged-rows.ts'
import type { Reference } from '../../../src/sketches/types.ts'
import { detectDelta, detectReference } from '../../../src/steps/detect.ts'
import { createDetectState, type DetectContext } from '../../../src/steps/detect-state.ts'
import { emptyStreamCounts } from '../../../src/steps/observe.ts'
import type { ModelOptions } from '../../../src/steps/options.ts'

/** One event; without a score or label it says nothing of predictions or outcomes. */
export interface WatchedRow {
  readonly values: readonly FeatureValue[]
  readonly score?: number
  readonly prediction?: 0 | 1
  readonly label?: 0 | 1
}

/** An episode as it began, and what it was begun for. */
export interface BegunEpisode {
  readonly pane: number
  readonly concern: string
  readonly diagnosis: string
  readonly detector: Finding['detector']
  readonly subject: string
  readonly statistic: string
  readonly pValue: number | null
  readonly alpha: number | null
  readonly null: string | null
  readonly windowPanes: number
}

/**
 * Plays a stream through the detector's own step, pane by pane, and tells the episodes it begins: counting,
 * windows, budget, verdicts, diagnosis and episodes are those of production.
 * @param rowsOf the rows of a pane; an array it returns may be used again for the next
 */
export function watchStream(
  model: ModelOptions,
  reference: Reference,
  paneMs: number,
  panes: number,
  startMs: number,
  rowsOf: (pane: number) => Iterable<WatchedRow>,
): BegunEpisode[] {
  const context: DetectContext = {
    stream: {
      paneMs,
      graceMs: 0,
      futureMaxMs: paneMs,
      pastMaxMs: paneMs,
      labelWaitMs: paneMs,
      repeatWaitMs: 0,
      waitingMax: 1,
      idleAfterMs: paneMs,
    },
    models: new Map([[model.name, model]]),
    taskCount: 1,
  }
  const layout = layoutOf(reference)
  const staged = createStagedRows(layout.names.length, STAGED_ROWS_MAX)
  const state = createDetectState()
  detectReference(state, reference, context)
  const begun: BegunEpisode[] = []
  let offset = 0
  for (let pane = 0; pane < panes; pane++) {
    const sketch = createPaneSketch(model.task)
    sketch.block = createFeatureBlock(layout.shape)
    for (const { values, score, prediction, label } of rowsOf(pane)) {
      sketch.events++
      stageRow(staged, sketch.block, layout, values, { id: '' })
      if (staged.count === STAGED_ROWS_MAX) countStagedRows(staged, sketch.block, layout)
      if (prediction === undefined || score === undefined) continue
      const predicted = { prediction, score, positiveLabel: model.positiveLabel }
      addScore(sketch.performance, predicted)
      if (label !== undefined) addOutcome(sketch.performance, { ...predicted, label })
    }
    countStagedRows(staged, sketch.block, layout)
    const paneStart = startMs + pane * paneMs
    const { drift } = detectDelta(
      state,
      {
        task: 0,
        flush: pane,
        part: 0,
        parts: 1,
        sources: [
          { topic: 'features', partition: 0, from: offset, to: offset + sketch.events, readUntil: paneStart },
        ],
        watermark: paneStart + paneMs,
        idle: false,
        stream: emptyStreamCounts(),
        entries: [
          { model: model.name, version: model.version, paneStart, referenceId: reference.id, sketch },
        ],
      },
      context,
    )
    offset += sketch.events
    for (const event of drift) {
      if (event.state !== 'started') continue
      const { window } = event.findings[0] ?? {}
      const [first] = event.findings
      begun.push({
        pane,
        concern: event.concern,
        diagnosis: event.diagnosis,
        detector: first!.detector,
        subject: first!.subject,
        statistic: first!.statistic,
        pValue: first!.pValue,
        alpha: first!.alpha ?? null,
        null: first!.null ?? null,
        windowPanes: window === undefined ? 1 : (window.toMs - window.fromMs) / paneMs,
      })
    }
  }
  return begun
}
