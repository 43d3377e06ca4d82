import { tellRate } from '../figure-process.ts'
import { expectCounted } from '../measure.ts'
import { SpilledSubject } from '../subjects/spilled.ts'

const PREDICTIONS = 10_000_000
const REPEATS = 20
const LABELS = 50_000

const subject = new SpilledSubject(PREDICTIONS)
let joined = 0

tellRate(
  'driftstream',
  {
    run() {
      joined = subject.addLabels(LABELS)
    },
    check: () => expectCounted(joined, LABELS),
    operations: LABELS,
  },
  REPEATS,
)
