import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, describe, expect, it } from 'vitest'
import { DiskRoom } from '../../../src/consumers/disk-room.ts'
import { WaitingFile } from '../../../src/consumers/waiting-file.ts'
import { LabelJoin } from '../../../src/steps/label-join.ts'

const PREDICTIONS = 40_000
const IN_MEMORY_MAX = 1_000
const AT = Date.UTC(2027, 0, 1)
const directory = mkdtempSync(join(tmpdir(), 'driftstream-full-'))

/** A file system of a megabyte takes the right to mount one; without it these tests are reported as skipped. */
function mountSmall(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const isMounted = mountSmall()
afterAll(() => {
  if (isMounted) execFileSync('umount', ['-l', directory])
  rmdirSync(directory)
})

/** A join on that directory, how many it let expire, and the errors that were told. */
function filled(at: string) {
  const told: { code?: string; level: number }[] = []
  const logger = pino({ level: 'info' }, { write: (line) => void told.push(JSON.parse(line)) })
  const file = new WaitingFile(at, new DiskRoom(2 ** 40, logger))
  const labels = new LabelJoin(1e12, IN_MEMORY_MAX, false, file)
  let expired = 0
  for (let number = 0; number < PREDICTIONS; number++) {
    const prediction = { version: '1', at: AT + number, prediction: 1, score: 0.5, reference: null }
    labels.addPrediction(`prediction-${number}`, { ...prediction, counted: true }, number)
    expired += labels.makeRoom().predictions
    expect(labels.inMemory).toBeLessThanOrEqual(IN_MEMORY_MAX)
  }
  return { labels, expired, told, file }
}

describe.skipIf(!isMounted)('a join on a disk that is full', () => {
  it('lets the oldest expire, counts each once, and joins all others', () => {
    const { labels, expired, told, file } = filled(directory)
    expect(labels.inStore).toBeGreaterThan(IN_MEMORY_MAX)
    expect(expired).toBeGreaterThan(IN_MEMORY_MAX)
    expect(labels.size + expired).toBe(PREDICTIONS)
    expect(told.filter(({ code }) => code === 'JOIN_DISK_UNAVAILABLE').length).toBeGreaterThan(0)
    const kinds = new Set<string>()
    for (let number = expired; number < PREDICTIONS; number++) {
      kinds.add(labels.addLabel(`prediction-${number}`, AT, 1, true, number).kind)
    }
    file.close()
    expect([...kinds]).toEqual(['joined'])
    expect(labels.addLabel(`prediction-${expired - 1}`, AT, 1, true, 0).kind).toBe('early')
  }, 60_000)
})

describe('a join whose directory takes nothing', () => {
  it('holds what memory may hold, and says once why', () => {
    const nowhere = join(import.meta.filename, 'below-a-file')
    const { labels, expired, told } = filled(nowhere)
    expect([labels.inStore, labels.size + expired]).toEqual([0, PREDICTIONS])
    expect(told.map(({ code }) => code)).toEqual(['JOIN_DISK_UNAVAILABLE'])
  }, 60_000)
})
