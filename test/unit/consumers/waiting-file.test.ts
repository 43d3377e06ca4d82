import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DiskRoom } from '../../../src/consumers/disk-room.ts'
import { WaitingFile } from '../../../src/consumers/waiting-file.ts'

let directory: string
let said: { level: number; code?: string; msg: string }[]
const logger = () => pino({}, { write: (line: string) => said.push(JSON.parse(line)) })
const roomOf = (bytesMax: number) => new DiskRoom(bytesMax, logger())
const bytesOf = (value: number, length: number) => new Uint8Array(length).fill(value)

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'driftstream-waiting-'))
  said = []
})
afterEach(() => rmSync(directory, { recursive: true }))

function readAll(stored: { read(at: number, into: Uint8Array): void } | null, length: number): Uint8Array {
  const into = new Uint8Array(length)
  stored!.read(0, into)
  return into
}

it('keeps bytes under no name, reuses what is released and shrinks', () => {
  const file = new WaitingFile(join(directory, 'made', 'here'), roomOf(1_000))
  const [one, two, three] = [
    file.write(bytesOf(1, 100)),
    file.write(bytesOf(2, 50)),
    file.write(bytesOf(3, 70)),
  ]
  expect(readdirSync(join(directory, 'made', 'here'))).toEqual([])
  one!.release()
  const four = file.write(bytesOf(4, 90))
  expect(file.bytes).toBe(220)
  expect(readAll(four, 90)).toEqual(bytesOf(4, 90))
  expect(readAll(two, 50)).toEqual(bytesOf(2, 50))
  expect(readAll(three, 70)).toEqual(bytesOf(3, 70))
  three!.release()
  expect(file.bytes).toBe(150)
  two!.release()
  expect(file.bytes).toBe(90)
  four!.release()
  expect(file.bytes).toBe(0)
  file.close()
})

it('shares its room with the other files of the process', () => {
  const room = roomOf(150)
  const [one, other] = [new WaitingFile(directory, room), new WaitingFile(directory, room)]
  expect(one.write(bytesOf(1, 100))).not.toBeNull()
  expect(other.write(bytesOf(2, 100))).toBeNull()
  one.close()
  expect(readAll(other.write(bytesOf(2, 100)), 100)).toEqual(bytesOf(2, 100))
  other.close()
  expect(said).toEqual([])
})

it('says once that the directory is none, and again that it is one', () => {
  const place = join(directory, 'taken')
  writeFileSync(place, '')
  const file = new WaitingFile(place, roomOf(1_000))
  expect([file.write(bytesOf(1, 10)), file.write(bytesOf(1, 10)), file.bytes]).toEqual([null, null, 0])
  expect(said).toMatchObject([{ level: 50, code: 'JOIN_DISK_UNAVAILABLE' }])
  rmSync(place)
  expect(readAll(file.write(bytesOf(1, 10)), 10)).toEqual(bytesOf(1, 10))
  expect(said.map(({ level }) => level)).toEqual([50, 30])
  file.close()
})

it('says so when what it wrote cannot be read', () => {
  const file = new WaitingFile(directory, roomOf(1_000))
  const stored = file.write(bytesOf(1, 10))!
  expect(() => stored.read(5, new Uint8Array(6))).toThrow(
    expect.objectContaining({ code: 'JOIN_DISK_UNREADABLE' }),
  )
  file.close()
  expect(() => stored.read(0, new Uint8Array(1))).toThrow(
    expect.objectContaining({ code: 'JOIN_DISK_UNREADABLE' }),
  )
})
