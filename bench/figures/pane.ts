import { figureArgument, tellCost } from '../figure-process.ts'
import { expectCounted } from '../measure.ts'
import { drawEvents } from '../streams/events.ts'
import { PaneCounter } from '../subjects/pane-counter.ts'
import { PaneOperations } from '../subjects/pane-operations.ts'
import { referencesFor } from '../subjects/reference.ts'

const NANOSECONDS_PER_MS = 1e6
const EVENTS = 10_000
const TIMES = 50

const name = figureArgument(['merge', 'encode', 'decode'])
const shape = { numeric: 50, categorical: 0, models: ['bench'] }
const [reference] = referencesFor(shape)
const counter = new PaneCounter([reference!])
counter.count(drawEvents(shape, EVENTS, 'stream').features)
const pane = new PaneOperations(reference!, counter.paneOf('bench'))

/** Each operation gives a number that it could not give without having been done. */
const { operate, last } = {
  merge: { operate: () => pane.merge(), last: EVENTS * TIMES },
  encode: { operate: () => pane.encode().length, last: pane.encode().length },
  decode: { operate: () => pane.decode(), last: EVENTS },
}[name]
let given = 0

tellCost(
  name,
  {
    prepare: () => pane.clear(),
    run() {
      for (let time = 0; time < TIMES; time++) given = operate()
    },
    check: () => expectCounted(given, last),
    operations: TIMES,
  },
  40,
  NANOSECONDS_PER_MS,
)
