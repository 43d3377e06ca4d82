import type { RetrainRequest } from '../events/retrain-request.ts'
import { stableId } from '../events/stable-id.ts'
import type { RetrainDecision } from '../triggers/decide.ts'
import { offsetsSince } from '../windows/offset-ledger.ts'
import type { DetectState, ModelState } from './detect-state.ts'

/**
 * The request that a decision at event time `end` becomes: with its evidence, and with the source offsets
 * that hold its training range. The range ends where labels count as complete.
 */
export function retrainRequest(
  decision: RetrainDecision,
  state: DetectState,
  model: ModelState,
  end: number,
): RetrainRequest {
  const { requestId, trigger, episode, trainingFromMs, suppressed, severity } = decision
  const { name, policy, windows } = model.options
  return {
    id: requestId,
    model: name,
    version: model.champion,
    at: end,
    trigger,
    diagnosis: episode?.diagnosis ?? null,
    episodeId: episode?.id ?? null,
    evidence: [...(episode?.findings ?? [])],
    window: { fromMs: trainingFromMs, toMs: end },
    trainingRange: {
      fromMs: trainingFromMs,
      toMs: end - windows.labelDelayMs,
      offsets: offsetsSince(state.ledger, trainingFromMs),
    },
    referenceId: model.references.get(model.champion)?.id ?? null,
    policyVersion: stableId('policy', JSON.stringify(policy)),
    suppressed: [...suppressed],
    severity,
  }
}
