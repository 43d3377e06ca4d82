import { tell } from '../figure-process.ts'
import { expectCounted } from '../measure.ts'
import { waitingOnDisk } from '../subjects/spilled.ts'

const PREDICTIONS = 10_000_000
const BYTES_PER_MB = 1e6

const subject = waitingOnDisk(PREDICTIONS)

expectCounted(subject.waiting, PREDICTIONS)
tell({ value: process.memoryUsage.rss() / BYTES_PER_MB, nanoseconds: {} })
