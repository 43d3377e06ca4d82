import { tellRate } from '../figure-process.ts'
import { expectCounted } from '../measure.ts'
import type { WaitingSubject } from './waiting.ts'

const REPEATS = 20

/** Tells how many labels a second meet their predictions, so many a repeat. */
export function tellJoinRate(subject: WaitingSubject, labels: number): void {
  let joined = 0
  tellRate(
    'driftstream',
    {
      run() {
        joined = subject.addLabels(labels)
      },
      check: () => expectCounted(joined, labels),
      operations: labels,
    },
    REPEATS,
  )
}
