import { figureArgument, tellRatio } from '../figure-process.ts'
import { expectCounted, type Side } from '../measure.ts'
import { decodedEvents } from '../streams/encoding.ts'
import { drawEvents } from '../streams/events.ts'
import { PaneCounter } from '../subjects/pane-counter.ts'
import { referencesFor } from '../subjects/reference.ts'

const VALUES = 200_000

/** Events as the extractor leaves them, values in the order of the features; or parsed, values by name. */
const read = figureArgument(['in-order', 'parsed'])

tellRatio({ name: '500 features', side: sideOf(500) }, { name: '10 features', side: sideOf(10) }, 30)

/** The same number of values, in fewer but longer events. */
function sideOf(numeric: number): Side {
  const shape = { numeric, categorical: 0, models: ['bench'] }
  const events = decodedEvents(drawEvents(shape, VALUES / numeric, 'stream').features)
  const rows = events.map(({ features }) => Object.values(features) as number[])
  const counter = new PaneCounter(referencesFor(shape))
  return {
    prepare: () => counter.clear(),
    run() {
      if (read === 'parsed') counter.count(events)
      else for (let at = 0; at < rows.length; at++) counter.addValues('bench', rows[at]!, events[at]!.id)
      counter.countStaged()
    },
    check: () => expectCounted(counter.total(), VALUES),
    operations: VALUES,
  }
}
