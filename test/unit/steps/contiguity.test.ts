import { describe, expect, it } from 'vitest'
import type { SketchDelta } from '../../../src/sketches/delta.ts'
import { acceptDelta, createContiguity } from '../../../src/steps/contiguity.ts'
import { emptyStreamCounts } from '../../../src/steps/observe.ts'

function delta(flush: number, from: number, to: number, part = 0, parts = 1): SketchDelta {
  return {
    task: 0,
    flush,
    part,
    parts,
    sources: [{ topic: 'features', partition: 0, from, to, readUntil: 0 }],
    watermark: 0,
    idle: false,
    stream: emptyStreamCounts(),
    entries: [],
  }
}

describe('acceptDelta', () => {
  it('accepts what continues, the empty included', () => {
    const state = createContiguity()
    expect(acceptDelta(state, delta(0, 40, 50)).kind).toBe('continues')
    expect(acceptDelta(state, delta(1, 50, 50)).kind).toBe('continues')
    expect(acceptDelta(state, delta(2, 50, 60)).kind).toBe('continues')
    expect(state).toMatchObject({ overlaps: 0, gaps: 0 })
  })

  it('drops and counts what was merged before', () => {
    const state = createContiguity()
    acceptDelta(state, delta(0, 0, 50))
    expect(acceptDelta(state, delta(0, 0, 50)).kind).toBe('overlaps')
    expect(acceptDelta(state, delta(0, 30, 70)).kind).toBe('overlaps')
    expect(acceptDelta(state, delta(1, 50, 60)).kind).toBe('continues')
    expect(state.overlaps).toBe(2)
  })

  it('reports the missing offsets of a gap and goes on behind it', () => {
    const state = createContiguity()
    acceptDelta(state, delta(0, 0, 50))
    expect(acceptDelta(state, delta(2, 60, 70))).toEqual({
      kind: 'gap',
      gaps: [{ topic: 'features', partition: 0, from: 50, to: 60 }],
    })
    expect(acceptDelta(state, delta(3, 70, 80)).kind).toBe('continues')
    expect(state.gaps).toBe(1)
  })

  it('takes the parts of one flush together, each once', () => {
    const state = createContiguity()
    expect(acceptDelta(state, delta(0, 0, 50, 0, 3)).kind).toBe('continues')
    expect(acceptDelta(state, delta(0, 0, 50, 1, 3)).kind).toBe('continues')
    expect(acceptDelta(state, delta(0, 0, 50, 1, 3)).kind).toBe('overlaps')
    expect(acceptDelta(state, delta(0, 0, 50, 2, 3)).kind).toBe('continues')
    expect(acceptDelta(state, delta(0, 0, 50, 0, 3)).kind).toBe('overlaps')
    expect(acceptDelta(state, delta(0, 0, 50, 1, 3)).kind).toBe('overlaps')
  })
})
