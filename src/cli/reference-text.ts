import { formatDuration } from '../config/duration.ts'
import { decimal, percent } from '../detectors/wording.ts'
import type { FitnessFault } from '../sketches/reference-fitness.ts'
import type { Reference } from '../sketches/types.ts'
import type { FeatureDifference } from './reference-difference.ts'
import type { FeatureSummary, ReferenceSummary } from './reference-summary.ts'
import { printable, renderTable } from './text-table.ts'

const NONE = '-'

/** `reference show` for people. */
export function describeReference(summary: ReferenceSummary): string {
  const { id, model, version, stage, source, m, createdAt } = summary
  const parts = [
    `${printable(model)} version ${printable(version)}: reference ${printable(id)}, ${stage}, ${m} rows, source ${source}, created ${createdAt}`,
    featureTable(summary.features),
  ]
  if (summary.outcomes.length > 0) parts.push(outcomeTable(summary))
  parts.push(describePanes(summary))
  parts.push(describeFitness(summary.fitness))
  return `${parts.join('\n\n')}\n`
}

/** How many base windows there are, and how they scatter; what that means the fitness says. */
function describePanes({ panes, m }: ReferenceSummary): string {
  if (panes === null) {
    return 'base windows: none; without rows with times, dependence between rows cannot be known from it'
  }
  const { count, windowMs, from, to, rows, scatter } = panes
  const effects = scatter.map(({ of, designEffect }) => `${of} ${decimal(designEffect)}`)
  const also = effects.length === 0 ? '' : `; design effect of ${effects.join(', ')}`
  return `base windows: ${count} of ${formatDuration(windowMs)}, ${from} to ${to}, with ${rows} of ${m} rows${also}`
}

/** One line a fault; a line that says so where there is none. */
export function describeFitness(faults: readonly FitnessFault[]): string {
  if (faults.length === 0) return 'fit: nothing to remark'
  return faults.map(({ severity, message }) => `${severity}: ${printableMessage(message)}`).join('\n')
}

/** `reference diff` for people. */
export function describeDifferences(differences: readonly FeatureDifference[]): string {
  const table = renderTable(
    [
      { heading: 'feature', align: 'left' },
      { heading: 'kind', align: 'left' },
      { heading: 'PSI', align: 'right' },
      { heading: 'KS', align: 'right' },
      { heading: 'p', align: 'right' },
      { heading: 'basis', align: 'left' },
      { heading: 'note', align: 'left' },
    ],
    differences.map(({ feature, kind, psi, ks, pValue, basis, note }) => [
      feature,
      kind,
      figure(psi),
      figure(ks),
      pValue === null ? NONE : String(Number(pValue.toPrecision(2))),
      basis,
      note,
    ]),
  )
  const approximate = differences.some(({ basis }) => basis === 'approximate')
  const remark =
    '\n\napproximate: the two were counted on different cells; one was laid on the other through its quantiles.'
  return `${table}${approximate ? remark : ''}\n`
}

/** `reference list` for people: one line a reference, the newest last. */
export function describeList(references: readonly Reference[], serving: ReadonlyMap<string, string>): string {
  return `${renderTable(
    [
      { heading: 'model', align: 'left' },
      { heading: 'version', align: 'left' },
      { heading: 'id', align: 'left' },
      { heading: 'stage', align: 'left' },
      { heading: 'm', align: 'right' },
      { heading: 'features', align: 'right' },
      { heading: 'created', align: 'left' },
      { heading: 'source', align: 'left' },
      { heading: 'serving', align: 'left' },
    ],
    references.map((reference) => [
      reference.model,
      reference.version,
      reference.id,
      reference.stage ?? 'ready',
      String(reference.m),
      String(reference.features.size),
      new Date(reference.createdAt).toISOString(),
      reference.source ?? 'not told',
      serving.get(reference.model) === reference.version ? 'serving' : '',
    ]),
  )}\n`
}

function featureTable(features: readonly FeatureSummary[]): string {
  return renderTable(
    [
      { heading: 'feature', align: 'left' },
      { heading: 'kind', align: 'left' },
      { heading: 'values', align: 'right' },
      { heading: 'missing', align: 'right' },
      { heading: '5 %', align: 'right' },
      { heading: '25 %', align: 'right' },
      { heading: '50 %', align: 'right' },
      { heading: '75 %', align: 'right' },
      { heading: '95 %', align: 'right' },
      { heading: 'design effect', align: 'right' },
      { heading: 'top categories', align: 'left' },
    ],
    features.map(({ name, kind, values, missingShare, quantiles, designEffect, top, categories }) => [
      name,
      kind,
      String(values),
      missingShare === null ? NONE : percent(missingShare),
      ...(quantiles ?? ['', '', '', '', '']).map((value) =>
        value === '' ? '' : figure(value as number | null),
      ),
      figure(designEffect),
      top === null ? '' : topCategories(top, categories!),
    ]),
  )
}

function topCategories(top: NonNullable<FeatureSummary['top']>, categories: number): string {
  const named = top.map(({ category, share }) => `${printable(category).slice(0, 16)} ${percent(share)}`)
  return categories > top.length ? `${named.slice(0, 3).join(', ')} of ${categories}` : named.join(', ')
}

function outcomeTable({ outcomes }: ReferenceSummary): string {
  return renderTable(
    [
      { heading: 'outcome', align: 'left' },
      { heading: 'value', align: 'right' },
      { heading: 'n', align: 'right' },
    ],
    outcomes.map(({ metric, value, n }) => [metric, figure(value), String(n)]),
  )
}

function figure(value: number | null): string {
  return value === null ? NONE : decimal(value)
}

/** A message holds names from outside, and is longer than a cell may be. */
function printableMessage(message: string): string {
  return message.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
}
