import { expect, it } from 'vitest'
import { soundRows } from '../../../src/retraining/sound-rows.ts'
import { plantedReference, plantedRows } from '../../support/planted-training.ts'

const rows = plantedRows('sound rows', 2400)

it('without a reference everything is sound, and nothing of nothing', () => {
  expect(soundRows(rows, null, 0.02)).toEqual({ sound: rows, faults: [] })
  expect(soundRows([], plantedReference, 0.02)).toEqual({ sound: [], faults: [] })
})

it('leaves out the stretch in which a feature broke, and says when and how much', () => {
  const broken = rows.map((row, index) =>
    index >= 700 && index < 800 ? { ...row, features: { ...row.features, x: null } } : row,
  )
  const { sound, faults } = soundRows(broken, plantedReference, 0.02)
  expect(sound).toEqual([...broken.slice(0, 700), ...broken.slice(800)])
  const when = new Date(rows[700]!.at).toISOString()
  expect(faults).toEqual([`x is unusable in 100.0 % of 100 events from ${when}, 0.0 % in the reference`])
})

it('drift and new categories are no fault', () => {
  const moved = rows.map((row) => ({
    ...row,
    features: { x: Number(row.features.x) + 100, c: `new${row.id}` },
  }))
  expect(soundRows(moved, plantedReference, 0.02)).toEqual({ sound: moved, faults: [] })
})

it('a missing value now and then is no broken stretch', () => {
  const sparse = rows.map((row, index) =>
    index % 33 === 0 ? { ...row, features: { ...row.features, c: null } } : row,
  )
  expect(soundRows(sparse, plantedReference, 0.02).faults).toEqual([])
})

it('a limit of 1 is no limit, and a category that never changes is stuck', () => {
  const missing = rows.map((row) => ({ ...row, features: { c: row.features.c! } }))
  expect(soundRows(missing.slice(0, 50), plantedReference, 1).faults).toEqual([])
  const stuck = rows.map((row) => ({ ...row, features: { ...row.features, c: 'red' } }))
  expect(soundRows(stuck, plantedReference, 0.02)).toEqual({
    sound: [],
    faults: ['c has one value in all 2400 events'],
  })
})
