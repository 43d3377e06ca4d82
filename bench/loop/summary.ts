import { markdownTable } from '../accuracy/markdown-table.ts'
import { type ReportLine, reportLine } from '../report-line.ts'
import type { Decomposed } from './decompose.ts'
import type { WorldOutcome } from './play-world.ts'
import { EVERY_PERIOD, RECOMMENDED } from './policies.ts'

/** What was played of one world: as it is kept in a results file. */
export interface WorldResult {
  readonly world: string
  readonly title: string
  readonly commit: string
  readonly node: string
  readonly outcomes: readonly WorldOutcome[]
}

/** A mean over seeds with its standard error; of one seed the error is not known. */
interface Estimate {
  readonly mean: number
  readonly standardError: number
}

/** The figures that the recommended policy is held to, and the bad candidates. */
export function linesOf({ world, outcomes }: WorldResult): ReportLine[] {
  const of = (policy: string, value: 'accuracy' | 'logLoss' | 'retrains') =>
    estimate(outcomes.map(({ policies }) => policies.find((one) => one.policy === policy)![value])).mean
  const promoted = outcomes.flatMap(({ planted }) => planted.map((one) => one.promoted))
  return [
    {
      id: `${world}.retrains`,
      measure: 'retrains of the recommended policy over those of every week',
      value: of(RECOMMENDED, 'retrains') / of(EVERY_PERIOD, 'retrains'),
      unit: '',
      goal: '<= 0.3',
    },
    {
      id: `${world}.accuracy`,
      measure: 'accuracy of every week less that of the recommended policy',
      value: of(EVERY_PERIOD, 'accuracy') - of(RECOMMENDED, 'accuracy'),
      unit: '',
      goal: '<= 0.005',
    },
    {
      id: `${world}.log-loss`,
      measure: 'log-loss of the recommended policy over that of every week',
      value: of(RECOMMENDED, 'logLoss') / of(EVERY_PERIOD, 'logLoss'),
      unit: '',
      goal: '<= 1.01',
    },
    {
      id: `${world}.planted`,
      measure: 'bad candidates that were promoted',
      value: sum(promoted),
      unit: '',
      goal: '= 0',
    },
  ].map(reportLine)
}

/** All worlds for people, in Markdown: policies, bad candidates, and the goals that were missed. */
export function tableOf(results: readonly WorldResult[]): string {
  const missed = results.flatMap(linesOf).filter(({ met }) => met === false)
  return [
    '# loop: what a policy wins, and what it costs in retrains\n',
    'Means over seeds ± their standard errors. Made by `npm run bench:loop -- --save`; `README.md` says what is played.\n',
    ...results.flatMap(worldTables),
    '## Missed\n',
    missed.length === 0
      ? 'No goal was missed.\n'
      : missed
          .map(({ id, measure, value, goal }) => `- \`${id}\`: ${measure}: ${value.toFixed(4)}, goal ${goal}`)
          .join('\n')
          .concat('\n'),
  ].join('\n')
}

/** Where a world's points are lost, for people: means over seeds, one list of courses a seed. */
export function decompositionTable(title: string, seeds: readonly (readonly Decomposed[])[]): string {
  const rows = seeds[0]!.map(({ policy }, course) => {
    const column = (value: (one: Decomposed) => number, digits: number) =>
      shown(estimate(seeds.map((each) => value(each[course]!))), digits)
    return [
      policy,
      column(({ accuracy }) => accuracy, 4),
      column(({ logLoss }) => logLoss, 4),
      column(({ retrains }) => retrains, 1),
    ]
  })
  return `## ${title}\n\n${markdownTable(['course', 'accuracy', 'log-loss', 'retrains'], rows)}`
}

function worldTables({ title, commit, node, outcomes }: WorldResult): string[] {
  const weekly = outcomes.map(({ policies }) => retrainsOf(policies, EVERY_PERIOD))
  const rows = outcomes[0]!.policies.map(({ policy }) => {
    const each = outcomes.map(({ policies }) => policies.find((one) => one.policy === policy)!)
    const column = (value: (one: (typeof each)[number]) => number, digits: number) =>
      shown(estimate(each.map(value)), digits)
    return [
      policy,
      column(({ accuracy }) => accuracy, 4),
      column(({ logLoss }) => logLoss, 4),
      column(({ retrains }) => retrains, 1),
      `${((100 * sum(each.map(({ retrains }) => retrains))) / sum(weekly)).toFixed(0)} %`,
      column(({ promoted }) => promoted, 1),
      estimate(each.map(({ cpuSeconds }) => cpuSeconds)).mean.toFixed(1),
    ]
  })
  const header = ['policy', 'accuracy', 'log-loss', 'retrains', 'of every week', 'promoted', 'CPU s']
  const planted = outcomes[0]!.planted.map(({ kind }) => {
    const each = outcomes.map((outcome) => outcome.planted.find((one) => one.kind === kind)!)
    const total = (value: 'offered' | 'promoted' | 'harmful') => String(sum(each.map((one) => one[value])))
    return [kind, total('offered'), total('promoted'), total('harmful')]
  })
  const seeds = outcomes.map(({ seed }) => seed).join(', ')
  return [
    `## ${title}\n`,
    `Seeds ${seeds}; ${outcomes[0]!.rows} rows under the first. Commit ${commit}, Node ${node}.\n`,
    markdownTable(header, rows),
    markdownTable(['bad candidates', 'offered', 'promoted', 'of these worse'], planted),
  ]
}

function retrainsOf(policies: WorldOutcome['policies'], name: string): number {
  return policies.find(({ policy }) => policy === name)!.retrains
}

function estimate(values: readonly number[]): Estimate {
  const n = values.length
  const mean = sum(values) / n
  const variance = sum(values.map((value) => (value - mean) ** 2)) / (n - 1)
  return { mean, standardError: Math.sqrt(variance / n) }
}

function shown({ mean, standardError }: Estimate, digits: number): string {
  const error = Number.isNaN(standardError) ? '' : ` ± ${standardError.toFixed(digits)}`
  return `${mean.toFixed(digits)}${error}`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
