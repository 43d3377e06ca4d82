import { tellRate } from '../figure-process.ts'
import { expectCounted } from '../measure.ts'
import { WaitingSubject } from '../subjects/waiting.ts'

const PREDICTIONS = 1_000_000
const REPEATS = 20
const LABELS = PREDICTIONS / REPEATS

const subject = new WaitingSubject(PREDICTIONS)
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
