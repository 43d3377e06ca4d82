import { tmpdir } from 'node:os'
import pino from 'pino'
import { DiskRoom } from '../../src/consumers/disk-room.ts'
import { WaitingFile } from '../../src/consumers/waiting-file.ts'
import { WaitingSubject } from './waiting.ts'

const IN_MEMORY_MAX = 1_000_000
const DISK_BYTES_MAX = 2 ** 32

/** A million of them in memory, the others on the disk; ids of 36 characters. */
export function waitingOnDisk(count: number): WaitingSubject {
  return new WaitingSubject(count, {
    inMemoryMax: IN_MEMORY_MAX,
    store: new WaitingFile(tmpdir(), new DiskRoom(DISK_BYTES_MAX, pino(process.stderr))),
    idPrefix: '5f0c3a1e-7b2d-4c8f-',
    idDigits: 17,
  })
}
