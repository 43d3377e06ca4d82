import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { chooseFigures, FIGURES } from '../../../bench/catalogue.ts'
import { reportLine } from '../../../bench/report-line.ts'

const bench = fileURLToPath(new URL('../../../bench/', import.meta.url))

describe('the catalogue', () => {
  it('names every figure once', () => {
    expect(new Set(FIGURES.map(({ id }) => id)).size).toBe(FIGURES.length)
  })

  it('has goals that can be judged', () => {
    for (const { id, measure, unit, goal } of FIGURES) {
      expect(reportLine({ id, measure, unit, goal, value: Number.NaN }).met).toBe(
        goal === null ? null : false,
      )
    }
  })

  it('has a script for every figure, and no script without one', () => {
    const scripts = new Set(FIGURES.map(({ script }) => script))
    for (const script of scripts) expect(existsSync(`${bench}figures/${script}`), script).toBe(true)
    expect(readdirSync(`${bench}figures`).sort()).toEqual([...scripts].sort())
  })

  it('asks for the same as its README', () => {
    const rows = readFileSync(`${bench}README.md`, 'utf8').matchAll(/^\| `([\w-]+)` \|.*\| ([^|]+) \|$/gm)
    const asked = FIGURES.filter(({ goal }) => goal !== null).map(({ id, goal }) => [id, goal])
    expect(Array.from(rows, ([, id, goal]) => [id, goal])).toEqual(asked)
  })
})

describe('chooseFigures', () => {
  it('is everything when nothing is chosen', () => {
    expect(chooseFigures(undefined)).toEqual(FIGURES)
  })

  it('is what was named, in the order of the catalogue', () => {
    const chosen = chooseFigures('merge-pane, numeric-vs-tdigest')
    expect(chosen.map(({ id }) => id)).toEqual(['numeric-vs-tdigest', 'merge-pane'])
  })

  it('refuses what it does not know, with what it knows', () => {
    expect(() => chooseFigures('merge-pane,merge-pain')).toThrow(
      /expected ids of numeric-vs-tdigest, .*; got "merge-pain"$/,
    )
    expect(() => chooseFigures('')).toThrow('got ""')
  })
})
