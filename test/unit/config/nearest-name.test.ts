import { describe, expect, it } from 'vitest'
import { editDistance, nearestName } from '../../../src/config/nearest-name.ts'

describe('editDistance', () => {
  // The textbook pairs of Wagner and Fischer (1974) and Damerau (1964).
  it.each([
    ['kitten', 'sitting', 3],
    ['saturday', 'sunday', 3],
    ['ca', 'ac', 1],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
  ])('%s to %s is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
  })
})

describe('nearestName', () => {
  const known = ['cooldown', 'minimumSample', 'trainingWindow', 'group']

  it.each([
    ['cooldwon', 'cooldown'],
    ['COOLDOWN', 'cooldown'],
    ['minimum_sample', 'minimumSample'],
    ['windowTraining', null],
    ['retention', null],
    ['x', null],
    ['', null],
  ])('%s → %s', (name, nearest) => {
    expect(nearestName(name, known)).toBe(nearest)
  })
})
