import { figureArgument, tellRatio } from '../figure-process.ts'
import { expectCounted, type Side } from '../measure.ts'
import { DISTRIBUTIONS, drawSample } from '../streams/distributions.ts'
import { NumericSubject } from '../subjects/numeric.ts'

const distribution = figureArgument(DISTRIBUTIONS)
const values = drawSample(distribution, 1_000_000, 'stream')
const subject = new NumericSubject([drawSample(distribution, 100_000, 'reference')])
let sum = 0

const counting: Side = {
  prepare: () => subject.clear(),
  run: () => subject.countColumn(values),
  check: () => expectCounted(subject.total(), values.length),
  operations: values.length,
}

const reading: Side = {
  run() {
    // In a variable of its own: one that a closure shares would be written to memory at every step.
    let added = 0
    for (let index = 0; index < values.length; index++) added += values[index]!
    sum = added
  },
  // The sum is looked at, so no compiler may leave the reading out.
  check: () => expectCounted(Number.isFinite(sum) ? values.length : 0, values.length),
  operations: values.length,
}

tellRatio({ name: 'driftstream', side: counting }, { name: 'read', side: reading }, 30)
