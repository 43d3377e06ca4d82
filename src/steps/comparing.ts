import { type ComparedLoss, lossesOf, pairedLossesOf } from '../detectors/compared-loss.ts'
import type { ComparedStage } from '../events/comparison-event.ts'
import type { FeaturesEnd } from '../events/deployment-event.ts'
import type { DeltaEntry } from '../sketches/delta.ts'
import type { PairEntry } from '../sketches/paired-losses.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import {
  addPairs,
  addSamples,
  createDifferenceEvidence,
  type DifferenceEvidence,
  type Sums,
} from '../statistics/difference-evidence.ts'
import { type AnswerCounts, addAnswers, createAnswerCounts, type Routed } from './answer-counts.ts'
import type { Baseline } from './watched-baseline.ts'

/** Sums that grow. */
interface Growing {
  sum: number
  squares: number
  n: number
}

/** A stretch in which the share of traffic stays as it is. */
export interface ComparedStep extends Routed {
  /** Number of the canary's step, from 0; its share is 1 in shadow, where all events are answered twice. */
  readonly number: number
  /** Up to here; null while it lasts. The pane in which the share changes is in none. */
  toMs: number | null
  /** Losses that have come in since the last look, one version's waiting for the other's. */
  readonly champion: Growing
  readonly challenger: Growing
  /** Labelled predictions of the challenger. */
  labelled: number
}

/** A step that has been told, and waits for the events that were written before it. */
export interface AwaitedStep extends Pick<ComparedStep, 'number' | 'share'> {
  /** Null: nobody told where they end. */
  readonly featuresEnd: FeaturesEnd | null
}

/** A candidate beside the champion, or a promoted version beside its past: plain data. */
export interface Comparing {
  readonly requestId: string
  readonly stage: ComparedStage
  readonly champion: string
  readonly challenger: string
  readonly loss: ComparedLoss
  /** Empty until the first begins. */
  readonly steps: ComparedStep[]
  /** Those to come, in their order. */
  readonly awaited: AwaitedStep[]
  readonly evidence: DifferenceEvidence
  /** Losses of the blocks that are in the evidence. */
  readonly settled: Growing
  /** All losses so far, of both. */
  readonly championLosses: Growing
  readonly challengerLosses: Growing
  readonly answers: AnswerCounts
  /** What a promoted version is held against; null at the other stages. */
  readonly baseline: Baseline | null
  /** Outcomes of the version before in its last window, that a baseline is made of; null at the other stages. */
  readonly before: PerformanceCounts | null
}

/** Where the common mean is looked for before anything is known of it; wrong, it costs one block. */
const FIRST_CENTRE = 0.25

/** A comparison that has its first step before it. */
export function createComparing(
  about: Pick<Comparing, 'requestId' | 'stage' | 'champion' | 'challenger' | 'loss' | 'baseline' | 'before'>,
): Comparing {
  return {
    ...about,
    steps: [],
    awaited: [],
    evidence: createDifferenceEvidence(),
    settled: nothing(),
    championLosses: nothing(),
    challengerLosses: nothing(),
    answers: createAnswerCounts(),
  }
}

/** The share of traffic changes, in the pane that begins at `openMs` at the latest: it is in neither step. */
export function beginStep(
  comparing: Comparing,
  { number, share }: Pick<ComparedStep, 'number' | 'share'>,
  openMs: number,
  paneMs: number,
): void {
  endStep(comparing, openMs)
  const losses = { champion: nothing(), challenger: nothing(), labelled: 0 }
  comparing.steps.push({ number, share, fromMs: openMs + paneMs, toMs: null, ...losses })
}

/** From the pane that begins at `openMs` on the share is another, if it was not before. */
export function endStep({ steps }: Comparing, openMs: number): void {
  const last = steps.at(-1)
  if (last !== undefined && last.toMs === null) last.toMs = Math.max(openMs, last.fromMs)
}

/** Takes in what one version did in one pane. */
export function compareEntry(comparing: Comparing, { version, paneStart, sketch }: DeltaEntry): void {
  const { champion, challenger, stage } = comparing
  // A watch looks at panes whose labels are complete: its past is made of such.
  if (stage === 'watch' || (version !== champion && version !== challenger)) return
  const step = stepAt(comparing, paneStart)
  if (step === null) return
  const isChallenger = version === challenger
  addAnswers(comparing.answers, isChallenger ? 'challenger' : 'champion', paneStart, sketch)
  // In shadow the pairs say more: both versions on the same events.
  if (stage === 'shadow') return
  const losses = lossesOf(sketch.performance, comparing.loss)
  grow(isChallenger ? step.challenger : step.champion, losses)
  grow(isChallenger ? comparing.challengerLosses : comparing.championLosses, losses)
  if (isChallenger) step.labelled += losses.n
}

/** Takes in events of one pane that both versions have answered. */
export function comparePair(comparing: Comparing, { first, second, paneStart, losses }: PairEntry): void {
  const { champion, challenger, stage } = comparing
  const swapped = first === challenger
  if (stage !== 'shadow' || first !== (swapped ? challenger : champion)) return
  if (second !== (swapped ? champion : challenger)) return
  const step = stepAt(comparing, paneStart)
  if (step === null) return
  const paired = pairedLossesOf(losses, comparing.loss)
  const { sum, squares, n } = paired.differences
  addPairs(comparing.evidence, { sum: swapped ? -sum : sum, squares, n })
  const [ofChampion, ofChallenger] = swapped ? [paired.second, paired.first] : [paired.first, paired.second]
  // Their squares are nobody's: what varies is the difference.
  grow(comparing.championLosses, { sum: ofChampion, squares: 0, n })
  grow(comparing.challengerLosses, { sum: ofChallenger, squares: 0, n })
  step.labelled += n
}

/** Takes in the outcomes of a promoted version in a pane whose labels are complete. */
export function compareOutcomes(comparing: Comparing, complete: PerformanceCounts): Sums {
  const losses = lossesOf(complete, comparing.loss)
  grow(comparing.challengerLosses, losses)
  const step = comparing.steps.at(-1)
  if (step !== undefined) step.labelled += losses.n
  return losses
}

/**
 * Makes evidence of the losses that have come in since the last look: one block a step, for within a step the
 * versions have the same part in every pane. What has no counterpart yet waits for it.
 */
export function takeBlocks(comparing: Comparing): void {
  const { settled } = comparing
  for (const { champion, challenger } of comparing.steps) {
    if (champion.n === 0 || challenger.n === 0) continue
    // Of blocks before this one, and of no other: what is staked must not know what it is staked on.
    const centre = settled.n === 0 ? FIRST_CENTRE : settled.sum / settled.n
    addSamples(comparing.evidence, champion, challenger, centre)
    grow(settled, champion)
    grow(settled, challenger)
    clear(champion)
    clear(challenger)
  }
}

/** The step that a pane is in; null where it is in none. */
export function stepAt({ steps }: Comparing, paneStart: number): ComparedStep | null {
  return steps.find(({ fromMs, toMs }) => paneStart >= fromMs && (toMs === null || paneStart < toMs)) ?? null
}

function nothing(): Growing {
  return { sum: 0, squares: 0, n: 0 }
}

function grow(into: Growing, { sum, squares, n }: Sums): void {
  into.sum += sum
  into.squares += squares
  into.n += n
}

function clear(sums: Growing): void {
  sums.sum = 0
  sums.squares = 0
  sums.n = 0
}
