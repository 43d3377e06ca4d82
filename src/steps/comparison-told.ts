import type { ComparisonEvent } from '../events/comparison-event.ts'
import { stableId } from '../events/stable-id.ts'
import type { RolloutOptions } from '../retraining/rollout-options.ts'
import { differenceBounds, logEvidenceAbove, logEvidenceBelow } from '../statistics/difference-evidence.ts'
import { servingChecks } from './answer-counts.ts'
import type { ComparedStep, Comparing } from './comparing.ts'
import { logHarmOf } from './watched-baseline.ts'

/** What a comparison shows of the panes up to `at`, epoch ms of stream time. */
export function comparisonTold(
  model: string,
  comparing: Comparing,
  at: number,
  options: RolloutOptions,
): ComparisonEvent {
  const { requestId, stage, champion, challenger, loss, answers, championLosses, challengerLosses } =
    comparing
  const [first, step] = [comparing.steps[0]!, comparing.steps.at(-1)!]
  const side = (version: string, events: number, { sum, n }: { sum: number; n: number }) => {
    return { version, events, labelled: n, loss: n === 0 ? null : sum / n }
  }
  return {
    id: stableId('comparison', model, requestId, stage, step.number, at),
    model,
    requestId,
    stage,
    step: step.number,
    at,
    since: first.fromMs,
    stepSince: step.fromMs,
    design: stage === 'shadow' ? 'paired' : stage === 'canary' ? 'samples' : 'past',
    loss: loss.kind,
    champion: side(champion, answers.champion.events, championLosses),
    challenger: side(challenger, answers.challenger.events, challengerLosses),
    stepLabelled: step.labelled,
    ...(stage === 'watch' ? againstPast(comparing, options) : againstOther(comparing, step, options)),
  }
}

function againstOther(comparing: Comparing, { share }: ComparedStep, options: RolloutOptions) {
  const { evidence, answers, challenger } = comparing
  const { harm, proof, margin } = options
  return {
    difference: evidence.weight === 0 ? null : evidence.rise / evidence.weight,
    ...differenceBounds(evidence, Math.min(harm, proof)),
    margin,
    logHarm: logEvidenceAbove(evidence, 0),
    logProof: logEvidenceBelow(evidence, margin),
    checks: servingChecks(answers, challenger, share),
  }
}

/** The champion's side is the past: what it did in its last window. */
function againstPast(
  { baseline, champion, challengerLosses: { sum, n } }: Comparing,
  { margin }: RolloutOptions,
) {
  const before = baseline?.before ?? null
  return {
    champion: { version: champion, events: 0, labelled: baseline?.n ?? 0, loss: before },
    difference: before === null || n === 0 ? null : sum / n - before,
    lower: null,
    upper: null,
    margin,
    logHarm: baseline === null ? 0 : logHarmOf(baseline),
    logProof: null,
    checks: [],
  }
}
