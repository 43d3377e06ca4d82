import type { ComparedStage, ServingCheck } from '../events/comparison-event.ts'
import type { PaneSketch } from '../sketches/types.ts'
import {
  addLook,
  createLateEvidence,
  type LateEvidence,
  logLateEvidence,
} from '../statistics/late-evidence.ts'
import { rateAlternatives, writeRateEValues } from '../statistics/rate-e-values.ts'

type Side = 'champion' | 'challenger'

/** How many events each version answered, and in how many ways: plain data. */
export interface AnswerCounts {
  readonly champion: { events: number; cells: Float64Array }
  readonly challenger: { events: number; cells: Float64Array }
  /** Of panes that have not closed, by start. */
  readonly open: Map<number, { champion: number; challenger: number }>
  /** That answers are missing: a look for every pane. */
  readonly missing: LateEvidence
  /** Events that have been looked at for it, and the challenger's among them. */
  asked: number
  answered: number
}

/** What share of traffic the challenger is to answer, and from when on, epoch ms of stream time. */
export interface Routed {
  readonly share: number
  readonly fromMs: number
}

/** What a share of answers is held against: half of what it should be is no delay any more. */
const SHARE_MIN = 0.5
/** Serving takes so many panes to take a version up; until then only its own answers begin the count. */
const TAKE_UP_PANES = 3
/** The chance that a check fails by chance alone; a rollout has two. */
const CHECK_LEVEL = 0.001

const ALTERNATIVES = rateAlternatives(SHARE_MIN).tilts.length

export function createAnswerCounts(): AnswerCounts {
  const side = () => ({ events: 0, cells: new Float64Array(0) })
  return {
    champion: side(),
    challenger: side(),
    open: new Map(),
    missing: createLateEvidence(ALTERNATIVES),
    asked: 0,
    answered: 0,
  }
}

/** Takes in the predictions of one version in one pane. */
export function addAnswers(counts: AnswerCounts, side: Side, paneStart: number, sketch: PaneSketch): void {
  const { events, performance } = sketch
  const of = counts[side]
  of.events += events
  if (events > 0) {
    const pane = counts.open.get(paneStart) ?? { champion: 0, challenger: 0 }
    pane[side] += events
    counts.open.set(paneStart, pane)
  }
  const { scores } = performance
  if (scores.length > of.cells.length) {
    const wider = new Float64Array(scores.length)
    wider.set(of.cells)
    of.cells = wider
  }
  for (let cell = 0; cell < scores.length; cell++) of.cells[cell]! += scores[cell]!
}

/** Looks at the panes that end until `endMs` whether as many answers have come as the share of traffic asks for. */
export function closeAnswers(
  counts: AnswerCounts,
  stage: ComparedStage,
  stepOf: (paneStart: number) => Routed | null,
  paneMs: number,
  endMs: number,
): void {
  const closed = [...counts.open.keys()].filter((start) => start + paneMs <= endMs).sort((a, b) => a - b)
  for (const start of closed) {
    const { champion, challenger } = counts.open.get(start)!
    counts.open.delete(start)
    const step = stepOf(start)
    if (step === null) continue
    const isTakenUp = start >= step.fromMs + TAKE_UP_PANES * paneMs
    if (challenger === 0 && counts.answered === 0 && !isTakenUp) continue
    // In shadow both answer the same events, in a canary each its own.
    const asked = stage === 'shadow' ? Math.max(champion, challenger) : champion + challenger
    counts.asked += asked
    counts.answered += challenger
    const alternatives = rateAlternatives(1 - SHARE_MIN * step.share)
    const logs = new Float64Array(ALTERNATIVES)
    writeRateEValues(alternatives, asked - challenger, asked, logs)
    addLook(counts.missing, logs)
  }
}

/** Whether the challenger answers as it should, whatever its losses are. */
export function servingChecks(counts: AnswerCounts, challenger: string, share: number): ServingCheck[] {
  return [missingCheck(counts, challenger, share), constantCheck(counts, challenger)]
}

/**
 * Fails when the challenger surely answered less than half of what it was to, from any pane on: one that ends
 * after days of answers is found as one that never began. Evidence at every time (Ville), by the mixture of the
 * likelihood ratios of rates.
 */
function missingCheck(
  { missing, asked, answered }: AnswerCounts,
  challenger: string,
  share: number,
): ServingCheck {
  return {
    check: 'missing',
    failed: logLateEvidence(missing) >= -Math.log(CHECK_LEVEL),
    n: asked,
    message:
      `version ${challenger} answered ${percent(asked === 0 ? 0 : answered / asked)} of ${asked} events, ` +
      `of a share of ${percent(share)}`,
  }
}

/**
 * Fails when every score of the challenger lies in one cell, one answer and a 128th of its scale, where the
 * champion's spread makes that all but impossible. Once two differ it never fails, so looking often costs
 * nothing. Models without scores are not asked.
 */
function constantCheck({ champion, challenger: of }: AnswerCounts, challenger: string): ServingCheck {
  const [total, largest] = spreadOf(of.cells)
  const [all, most] = spreadOf(champion.cells)
  const isOne = total > 1 && largest === total
  const byChance = all === 0 ? 1 : (most / all) ** (total - 1)
  const failed = isOne && byChance < CHECK_LEVEL
  return {
    check: 'constant',
    failed,
    n: total,
    message: isOne
      ? `version ${challenger} gave the same answer to ${total} events`
      : `version ${challenger} gives more than one answer`,
  }
}

function spreadOf(cells: Float64Array): readonly [total: number, largest: number] {
  let [total, largest] = [0, 0]
  for (const count of cells) {
    total += count
    largest = Math.max(largest, count)
  }
  return [total, largest]
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
