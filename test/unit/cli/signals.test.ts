import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Ending, type Stoppable } from '../../../src/cli/signals.ts'

function fake() {
  const codes: number[] = []
  const stops: string[] = []
  const told: string[] = []
  const emitter = Object.assign(new EventEmitter(), { exit: (code: number) => void codes.push(code) })
  const ending = new Ending(
    emitter as EventEmitter & Stoppable,
    () => stops.push('stop'),
    (level, text) => told.push(`${level} ${text}`),
  )
  return { emitter, ending, codes, stops, told }
}

describe('Ending', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('asks for a clean stop at the first signal, and ends with 1 before ten seconds where that hangs', () => {
    const { emitter, codes, stops, told } = fake()
    emitter.emit('SIGTERM', 'SIGTERM')
    expect(told).toEqual(['info SIGTERM: stopping'])
    expect([stops, codes]).toEqual([['stop'], []])
    vi.advanceTimersByTime(7_999)
    expect(codes).toEqual([])
    vi.advanceTimersByTime(1)
    expect(codes).toEqual([1])
    expect(told.slice(1)).toEqual([
      'error expected to have stopped within 8000 ms, something hangs: ended with 1',
    ])
  })

  it('ends at once with 130 at the second signal, of either kind', () => {
    const { emitter, codes, told } = fake()
    emitter.emit('SIGTERM', 'SIGTERM')
    emitter.emit('SIGINT', 'SIGINT')
    expect(codes).toEqual([130])
    expect(told[1]).toBe('error SIGINT once more: ended at once, what was not committed is read again')
  })

  it('gives a failure the same time, counted from the first', () => {
    const { ending, codes, stops } = fake()
    ending.within()
    vi.advanceTimersByTime(5_000)
    ending.within()
    vi.advanceTimersByTime(3_000)
    expect([codes, stops]).toEqual([[1], []])
  })

  it('listens no more once it is closed', () => {
    const { emitter, ending, stops } = fake()
    ending.close()
    expect(emitter.listenerCount('SIGTERM') + emitter.listenerCount('SIGINT')).toBe(0)
    emitter.emit('SIGTERM')
    expect(stops).toEqual([])
  })
})
