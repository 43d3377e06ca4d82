import { tellRatio } from '../figure-process.ts'
import { expectCounted, type Side } from '../measure.ts'
import { decodedEvents } from '../streams/encoding.ts'
import { drawEvents } from '../streams/events.ts'
import { PaneCounter } from '../subjects/pane-counter.ts'
import { referencesFor } from '../subjects/reference.ts'

const FEATURES = 20
/** What a busy task counts from one flush to the next. */
const EVENTS = 50_000

tellRatio({ name: '1000 models', side: sideOf(1_000) }, { name: '1 model', side: sideOf(1) }, 15)

/** The panes stay from repeat to repeat: a thousand models do not all begin at once. */
function sideOf(models: number): Side {
  const names = Array.from({ length: models }, (_, index) => `bench-${index}`)
  const shape = { numeric: FEATURES, categorical: 0, models: names }
  const events = decodedEvents(drawEvents(shape, EVENTS, 'stream').features)
  const counter = new PaneCounter(referencesFor(shape))
  let runs = 0
  return {
    run: () => counter.count(events),
    check: () => expectCounted(counter.total(), ++runs * EVENTS * FEATURES),
    operations: EVENTS * FEATURES,
  }
}
