import type { FeatureValue } from '../../../src/events/feature-event.ts'
import { layoutOf } from '../../../src/sketches/block-layout.ts'
import { createFeatureBlock } from '../../../src/sketches/feature-block.ts'
import { createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { countStagedRows, createStagedRows, stageRow } from '../../../src/sketches/staged-rows.ts'
import type { Reference } from '../../../src/sketches/types.ts'
import { detectDelta, detectReference } from '../../../src/steps/detect.ts'
import { createDetectState, type DetectContext } from '../../../src/steps/detect-state.ts'
import { emptyStreamCounts } from '../../../src/steps/observe.ts'
import type { ModelOptions } from '../../../src/steps/options.ts'
import { NO_GATES, watchedModel, watchedReference } from '../budget/watched-model.ts'
import { type FeatureCompetitor, type FeatureSample, PANE_ROWS, type RowWatch } from './competitor.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2027, 0, 1)
/** Windows of 1, 2, 4 … 128 panes. */
const LEVELS = 8
/** Panes in the budget's period. */
const PANES = 400

/**
 * Features as the product judges them, through the detector's own step: panes of 50 rows, windows of 1 to 128
 * of them, the reference's own panes for what scatters, all tests of quality beside those of distributions.
 * The budget is what is tuned; significance alone decides, since the others know no effect that does not matter.
 */
export function product(name: string): FeatureCompetitor {
  return {
    name,
    isRival: false,
    tuned: `periods of ${PANES} panes a false alarm`,
    from: 1e-3,
    to: 10,
    prepare(sample) {
      const modelOf = (periods: number): ModelOptions =>
        watchedModel({
          features: new Map(sample.kinds.map((kind, at) => [`x${at}`, kind])),
          windows: {
            qualityMs: HOUR_MS,
            dataMs: HOUR_MS,
            performanceMs: HOUR_MS,
            longestMs: HOUR_MS * 2 ** (LEVELS - 1),
            labelDelayMs: 0,
          },
          falseRetrains: 1,
          perMs: periods * PANES * HOUR_MS,
          detection: NO_GATES,
        })
      const reference = referenceOf(modelOf(1), sample)
      return (strictness) => watchPanes(modelOf(strictness), reference, sample.kinds)
    },
  }
}

function referenceOf(model: ModelOptions, { kinds, columns }: FeatureSample): Reference {
  const rows = columns[0]!.length
  const fromMs = START_MS - (rows / PANE_ROWS) * HOUR_MS
  return watchedReference(model, {
    createdAt: START_MS,
    windowMs: HOUR_MS,
    covered: { fromMs, toMs: START_MS },
    rows: function* () {
      for (let row = 0; row < rows; row++) {
        const features = Object.fromEntries(
          columns.map((column, at) => [`x${at}`, codedValue(kinds[at]!, column[row]!)]),
        )
        yield { features, at: fromMs + (row * HOUR_MS) / PANE_ROWS }
      }
    },
  })
}

function watchPanes(model: ModelOptions, reference: Reference, kinds: FeatureSample['kinds']): RowWatch {
  const context: DetectContext = {
    stream: {
      paneMs: HOUR_MS,
      graceMs: 0,
      futureMaxMs: HOUR_MS,
      pastMaxMs: HOUR_MS,
      labelWaitMs: HOUR_MS,
      repeatWaitMs: 0,
      waitingMax: 1,
      idleAfterMs: HOUR_MS,
    },
    models: new Map([[model.name, model]]),
    taskCount: 1,
  }
  const layout = layoutOf(reference)
  const staged = createStagedRows(layout.names.length, PANE_ROWS)
  const begin = () => {
    const fresh = createDetectState()
    detectReference(fresh, reference, context)
    return fresh
  }
  let state = begin()
  let flush = 0
  let paneStart = START_MS
  const emptyPane = () => ({ ...createPaneSketch(model.task), block: createFeatureBlock(layout.shape) })
  let pane = emptyPane()
  const values: FeatureValue[] = new Array(kinds.length)
  return (row) => {
    for (let at = 0; at < kinds.length; at++) values[at] = codedValue(kinds[at]!, row[at]!)
    stageRow(staged, pane.block, layout, values, { id: '' })
    pane.events++
    if (pane.events < PANE_ROWS) return false
    countStagedRows(staged, pane.block, layout)
    const offset = flush * PANE_ROWS
    const source = { topic: 'features', partition: 0, from: offset, to: offset + PANE_ROWS }
    const { drift } = detectDelta(
      state,
      {
        task: 0,
        flush,
        part: 0,
        parts: 1,
        sources: [{ ...source, readUntil: paneStart }],
        watermark: paneStart + HOUR_MS,
        idle: false,
        stream: emptyStreamCounts(),
        entries: [
          {
            model: model.name,
            version: model.version,
            paneStart,
            referenceId: reference.id,
            sketch: pane,
          },
        ],
      },
      context,
    )
    const isAlarm = drift.some((event) => event.state === 'started')
    paneStart += HOUR_MS
    flush = isAlarm ? 0 : flush + 1
    if (isAlarm) state = begin()
    pane = emptyPane()
    return isAlarm
  }
}

function codedValue(kind: 'numeric' | 'categorical', value: number): FeatureValue {
  return kind === 'numeric' ? value : `c${value}`
}
