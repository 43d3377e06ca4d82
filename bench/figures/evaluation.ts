import { mergePaneSketch } from '../../src/sketches/pane-sketch.ts'
import { tellCost } from '../figure-process.ts'
import { expectCounted } from '../measure.ts'
import { drawEvents } from '../streams/events.ts'
import { Evaluation } from '../subjects/evaluation.ts'
import { PaneCounter } from '../subjects/pane-counter.ts'
import { referencesFor } from '../subjects/reference.ts'

const NANOSECONDS_PER_MS = 1e6
const FEATURES = 50
const WINDOWS = 8
const EVENTS_PER_WINDOW = 2_000

const shape = { numeric: FEATURES, categorical: 0, models: ['bench'] }
const [reference] = referencesFor(shape)
/** Windows of 2 000, 4 000 … events of the reference's world: most windows of most streams are like that. */
const windows = Array.from({ length: WINDOWS }, (_, level) => {
  const counter = new PaneCounter([reference!])
  counter.count(drawEvents(shape, EVENTS_PER_WINDOW, `window ${level}`).features)
  return counter.paneOf('bench')
})
for (let level = 1; level < WINDOWS; level++) mergePaneSketch(windows[level]!, windows[level - 1]!)

const evaluation = new Evaluation(reference!, windows)
const expected = evaluation.judge()
let decided = 0

tellCost(
  'evaluation',
  {
    run() {
      decided = evaluation.judge()
    },
    check: () => expectCounted(decided, expected),
    operations: 1,
  },
  40,
  NANOSECONDS_PER_MS,
)
