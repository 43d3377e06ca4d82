import { type ReportLine, reportLine } from '../report-line.ts'
import { runCells } from './cells/run-cells.ts'
import type { Check } from './check.ts'
import { ALTERNATIVE_NAMES, type AlternativeName } from './draws/alternatives.ts'
import { markdownTable } from './markdown-table.ts'
import { exactKsThreshold } from './power/exact-ks.ts'
import { POWER_TESTS, type PowerCell, type PowerTally, type PowerTest } from './power/power-cell.ts'

const N = 1000
const ALPHA = 0.001
const WINDOWS_PER_REFERENCE = 50
const REFERENCES_PER_PART = 10

const QUICK = { m: 10_000, references: 8 }
/** 4,000 windows of every alternative. */
const FULL = { m: 100_000, references: 80 }

/** What the exact test may be better by, and how often ours must be twice as good. */
const BEHIND_MAX = 0.02
const TWICE_MIN = 5
/** Below it neither finds anything: twice of next to nothing is luck. */
const SEEN_MIN = 0.005

type Power = Record<PowerTest, number>

/**
 * Share of windows of 1,000 values that alarm at 0.001, for eight things that may become of a normal feature
 * and for none: ours from counts on the reference's grid, beside the exact two-sample Kolmogorov–Smirnov test
 * that sees the raw values of window and reference.
 */
export const powerCheck: Check = {
  id: 'power',
  claim:
    'counts on a grid find what the exact Kolmogorov–Smirnov test finds in the values, and much that it does not',
  async run(settings) {
    const { m, references: full } = settings.quick ? QUICK : FULL
    const references = settings.quick ? full : Math.ceil(full * settings.scale)
    const ksThreshold = exactKsThreshold(N, m, ALPHA)
    const parts = Array.from(
      { length: Math.ceil(references / REFERENCES_PER_PART) },
      (_, part): PowerCell => {
        const left = references - part * REFERENCES_PER_PART
        return {
          id: `${m} ${part}`,
          n: N,
          m,
          references: Math.min(left, REFERENCES_PER_PART),
          windowsPerReference: WINDOWS_PER_REFERENCE,
          alpha: ALPHA,
          ksThreshold,
          seed: `power ${settings.seed} ${part}`,
        }
      },
    )
    const outcomes = await runCells<PowerTally>('power', parts, settings)
    const windows = references * WINDOWS_PER_REFERENCE
    const powers = new Map(
      ALTERNATIVE_NAMES.map((name) => [
        name,
        powerOf(
          name,
          outcomes.map(({ outcome }) => outcome),
          windows,
        ),
      ]),
    )
    const cpuSeconds = Math.round(outcomes.reduce((sum, outcome) => sum + outcome.cpuSeconds, 0))
    return {
      lines: linesOf(powers),
      details: {
        n: N,
        m,
        alpha: ALPHA,
        windows,
        ksThreshold,
        cpuSeconds,
        powers: Object.fromEntries(powers),
      },
      table: tableOf(powers, { m, windows, cpuSeconds }),
    }
  },
}

function powerOf(name: AlternativeName, tallies: readonly PowerTally[], windows: number): Power {
  const share = (test: PowerTest): number =>
    tallies.reduce((sum, tally) => sum + tally[name]![test], 0) / windows
  return Object.fromEntries(POWER_TESTS.map((test) => [test, share(test)])) as Power
}

function linesOf(powers: ReadonlyMap<AlternativeName, Power>): ReportLine[] {
  const changed = [...powers].filter(([name]) => name !== 'null')
  const lines = changed.map(([name, { joint, 'exact-ks': ks }]) =>
    reportLine({
      id: `power-${name.replaceAll(/[^a-z0-9.]+/g, '-')}`,
      measure: `${name}: power over that of the exact KS test, difference`,
      value: joint - ks,
      unit: 'share',
      goal: `>= ${-BEHIND_MAX}`,
    }),
  )
  const twice = changed.filter(([, { joint, 'exact-ks': ks }]) => joint >= SEEN_MIN && joint >= 2 * ks)
  return [
    ...lines,
    reportLine({
      id: 'power-twice',
      measure: 'alternatives found at least twice as often',
      value: twice.length,
      unit: 'of 8',
      goal: `>= ${TWICE_MIN}`,
    }),
    reportLine({
      id: 'power-null',
      measure: 'alarms without any change, over alpha',
      value: powers.get('null')!.joint / ALPHA,
      unit: 'ratio',
      goal: null,
    }),
  ]
}

function tableOf(
  powers: ReadonlyMap<AlternativeName, Power>,
  { m, windows, cpuSeconds }: { m: number; windows: number; cpuSeconds: number },
): string {
  const rows = [...powers].map(([name, power]) => [
    name,
    ...POWER_TESTS.map((test) => power[test].toFixed(test === 'joint' || name === 'null' ? 4 : 3)),
  ])
  return (
    `Share of windows of ${N} values that alarm at ${ALPHA}, against a normal reference of ${m}; ${windows} windows\n` +
    'a row, one set for all tests. `exact-ks` sees raw values, the others counts on the grid; `joint` decides.\n' +
    `${cpuSeconds} s of CPU.\n\n${markdownTable(['alternative', ...POWER_TESTS], rows)}`
  )
}
