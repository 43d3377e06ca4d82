import { tell } from '../figure-process.ts'
import { liveBytes } from '../live-bytes.ts'
import { expectCounted } from '../measure.ts'
import { drawEvents } from '../streams/events.ts'
import { eventsHeld, fillModel, type ModelMemory } from '../subjects/model-memory.ts'
import { PaneCounter } from '../subjects/pane-counter.ts'
import { referenceCopier } from '../subjects/reference.ts'

const MODELS = 20
const FEATURES = 20
/** Bases of one pane, the longest window of 128; and days of hourly panes, the longest window of 16. */
const SHAPES = new Map([
  ['panes', { basePanes: 1, longestPanes: 128 }],
  ['days', { basePanes: 24, longestPanes: 16 * 24 }],
])
const windows = SHAPES.get(process.argv[2] ?? 'panes')
if (windows === undefined)
  throw new Error(`expected ${[...SHAPES.keys()].join(' or ')}, got ${process.argv[2]}`)
/** Twenty values a bin: hardly a bin is empty, as in a pane of a busy model. */
const EVENTS_PER_PANE = 10_000
/** Panes that differ; they come round again, for drawing them all would say no more about memory. */
const DRAWN_PANES = 8
const BYTES_PER_KB = 1_024

const shape = { numeric: FEATURES, categorical: 0, models: ['bench'] }
const copyReference = referenceCopier(shape)
const panes = Array.from({ length: DRAWN_PANES }, (_, index) => {
  const counter = new PaneCounter([copyReference('bench')])
  counter.count(drawEvents(shape, EVENTS_PER_PANE, `pane ${index}`).features)
  return counter.paneOf('bench')
})

const models: ModelMemory[] = []
// One model before the first look: what code needs once belongs to no feature.
addModel()
const before = liveBytes()
for (let count = 0; count < MODELS; count++) addModel()
const bytes = liveBytes() - before

for (const model of models) {
  // At its fullest the longest window is one base short of twice its name.
  expectCounted(eventsHeld(model), (2 * windows.longestPanes - windows.basePanes) * EVENTS_PER_PANE)
}
tell({ value: bytes / BYTES_PER_KB / (MODELS * FEATURES), nanoseconds: {} })

function addModel(): void {
  models.push(fillModel(copyReference('bench'), (index) => panes[index % DRAWN_PANES]!, windows!))
}
