import { tmpdir } from 'node:os'
import pino from 'pino'
import { DiskRoom } from '../../src/consumers/disk-room.ts'
import { WaitingFile } from '../../src/consumers/waiting-file.ts'
import { LabelJoin } from '../../src/steps/label-join.ts'

const START_MS = Date.UTC(2026, 0, 1)
const WAIT_MS = 30 * 24 * 60 * 60_000
/** A prime: steps of it come to every prediction once, far from the one before. */
const STEP = 7_919
const IN_MEMORY_MAX = 1_000_000
const DISK_BYTES_MAX = 2 ** 32

/** Predictions that wait for their labels, a million of them in memory; ids are texts of 36 characters. */
export class SpilledSubject {
  readonly #file = new WaitingFile(tmpdir(), new DiskRoom(DISK_BYTES_MAX, pino(process.stderr)))
  readonly #join = new LabelJoin(WAIT_MS, IN_MEMORY_MAX, false, this.#file)
  readonly #count: number
  #asked = 0

  constructor(count: number) {
    this.#count = count
    for (let index = 0; index < count; index++) {
      const prediction = {
        version: '1',
        at: START_MS + index,
        prediction: index % 2,
        score: (index % 1_000) / 1_000,
        reference: null,
        counted: true,
      }
      this.#join.addPrediction(idOf(index), prediction, index)
      if (this.#join.inMemory > IN_MEMORY_MAX) this.#join.makeRoom()
    }
  }

  get waiting(): number {
    return this.#join.size
  }

  get onDisk(): number {
    return this.#join.inStore
  }

  /** Gives so many predictions their labels, nearly all from the disk; how many met. */
  addLabels(count: number): number {
    let joined = 0
    for (let label = 0; label < count; label++) {
      const index = (this.#asked++ * STEP) % this.#count
      if (this.#join.addLabel(idOf(index), START_MS + index, 1, true, label).kind === 'joined') joined++
    }
    return joined
  }
}

function idOf(index: number): string {
  return Buffer.from(`5f0c3a1e-7b2d-4c8f-${String(index).padStart(17, '0')}`).toString('latin1')
}
