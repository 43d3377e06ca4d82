import { tell } from '../figure-process.ts'
import { liveBytes } from '../live-bytes.ts'
import { expectCounted } from '../measure.ts'
import { waitingInMemory } from '../subjects/waiting.ts'

const PREDICTIONS = 1_000_000
const BYTES_PER_MB = 1e6

// One before the first look: what code needs once belongs to no prediction.
expectCounted(waitingInMemory(1_000).waiting, 1_000)
const before = liveBytes()
const subject = waitingInMemory(PREDICTIONS)
const bytes = liveBytes() - before

expectCounted(subject.waiting, PREDICTIONS)
tell({ value: bytes / BYTES_PER_MB, nanoseconds: {} })
