import type { Logger } from 'pino'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { LogRecord, OffsetRange, OutgoingRecord, Position, TopicPartition } from '../log/port.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { SetMetric } from '../metrics/metrics.ts'
import { configurationId, DETECT_STATE_VERSION, snapshotParts, stateFrom } from '../steps/detect-snapshot.ts'
import type { DetectContext, DetectState } from '../steps/detect-state.ts'
import type { Edge } from './edge.ts'
import { Slices } from './slices.ts'
import {
  findSnapshot,
  type PackedSnapshot,
  packSnapshot,
  snapshotRecords,
  unpackSnapshot,
} from './snapshot-records.ts'

/** What a record costs that is read again, in bytes of its value: most of an idle stream's deltas is this. */
const RECORD_BYTES = 512

/** A state taken back, and the positions behind the last records that it knows. */
export interface RestoredState {
  readonly state: DetectState
  readonly positions: readonly Position[]
}

/** The snapshots of one detector task: taken now and then, and the newest given back at a restart. */
export class DetectorSnapshots {
  readonly #edge: Edge
  readonly #at: TopicPartition
  readonly #context: DetectContext
  readonly #configuration: string
  #packed: PackedSnapshot | null = null
  #takenAt = 0
  /** What a restart would have to read behind the newest snapshot, and what that snapshot itself weighs. */
  #behindBytes = 0
  #newestBytes = 0
  #isPossible = true

  constructor(edge: Edge, at: TopicPartition, context: DetectContext) {
    this.#edge = edge
    this.#at = at
    this.#context = context
    this.#configuration = configurationId(context)
  }

  /** Called for every record that the state has taken in, also while it is read again. */
  noteRead({ value }: LogRecord): void {
    this.#behindBytes += RECORD_BYTES + (value?.byteLength ?? 0)
  }

  /** Takes a snapshot where one is due; to be called when nothing will change the state before `take`. */
  async prepare(state: DetectState): Promise<void> {
    if (!this.#isPossible || !this.#isDue()) return
    this.#takenAt = this.#edge.clock.now()
    this.#behindBytes = 0
    try {
      const described = { version: DETECT_STATE_VERSION, configuration: this.#configuration }
      this.#packed = await packSnapshot(snapshotParts(state), described, new Slices(this.#edge))
    } catch (error) {
      if (!(error instanceof DriftstreamError)) throw error
      this.#isPossible = false
      this.#logger.warn({ reason: error.message }, 'no snapshots: a restart reads all sketches again')
    }
  }

  tell(set: SetMetric): void {
    const task = String(this.#at.partition)
    set(METRICS.replayBytes, { task }, this.#behindBytes)
    if (this.#newestBytes > 0) set(METRICS.snapshotBytes, { task }, this.#newestBytes)
  }

  /**
   * By what a restart must read, and by no clock: a stream that is replayed in a minute and one that takes a
   * year are kept equally often, and a large state no more often than reading it again costs.
   */
  #isDue(): boolean {
    const { snapshotBytes } = this.#edge.flush
    if (snapshotBytes === 0) return this.#behindBytes > 0
    return this.#behindBytes >= Math.max(snapshotBytes, this.#newestBytes)
  }

  /** The records of the snapshot prepared, for the transaction that commits the ends of `ranges`. */
  take(ranges: readonly OffsetRange[]): OutgoingRecord[] {
    if (this.#packed === null) return []
    const positions = ranges.map(({ topic, partition, to }) => ({ topic, partition, offset: to }))
    const records = snapshotRecords(this.#packed, positions, this.#at, this.#takenAt)
    this.#logger.debug({ bytes: this.#packed.bytes.byteLength, records: records.length }, 'snapshot taken')
    this.#newestBytes = this.#packed.bytes.byteLength
    this.#packed = null
    return records
  }

  /**
   * The newest snapshot's state; null, and told why, where none can be used and all must be read again.
   * @throws the reason of the slices' signal, soon after it is aborted
   */
  async restore(committed: readonly Position[], slices: Slices): Promise<RestoredState | null> {
    const found = await findSnapshot(this.#edge.log, this.#at)
    if (found === null) return null
    this.#newestBytes = found.bytes.byteLength
    const unusable = (reason: string) => {
      this.#logger.warn({ reason }, 'snapshot not used: reading all sketches again')
      return null
    }
    const { version, configuration, positions } = found
    if (version !== DETECT_STATE_VERSION) {
      return unusable(`it is of version ${version}, this is version ${DETECT_STATE_VERSION}`)
    }
    if (configuration !== this.#configuration) return unusable('the configuration is another')
    if (!committed.every((position) => reaches(positions, position))) {
      return unusable('its positions are not before those committed')
    }
    try {
      const state = await stateFrom(unpackSnapshot(found, slices), this.#context)
      return state === null ? unusable('it is no state of this version') : { state, positions }
    } catch (error) {
      slices.over?.throwIfAborted()
      return unusable(`it cannot be read: ${(error as Error).message}`)
    }
  }

  get #logger(): Logger {
    return this.#edge.logger.child({ task: this.#at.partition })
  }
}

/** Whether a snapshot names the position's partition, at its offset or before. */
function reaches(positions: readonly Position[], { topic, partition, offset }: Position): boolean {
  return positions.some((one) => one.topic === topic && one.partition === partition && one.offset <= offset)
}
