import { RETRAIN_REQUEST_SCHEMA_VERSION, type RetrainRequest } from '../events/retrain-request.ts'
import { stableId } from '../events/stable-id.ts'
import { traceparentOf } from '../events/traceparent.ts'
import type { RetrainDecision } from '../triggers/decide.ts'
import type { TriggerPolicy } from '../triggers/policy.ts'
import { policyVersion } from '../triggers/policy-version.ts'
import { offsetsSince } from '../windows/offset-ledger.ts'
import type { DetectState, ModelState } from './detect-state.ts'

/**
 * The request that a decision of a policy at event time `end` becomes: with its evidence, and with the source
 * offsets that hold its training range.
 */
export function retrainRequest(
  decision: RetrainDecision,
  state: DetectState,
  model: ModelState,
  end: number,
  policy: TriggerPolicy,
): RetrainRequest {
  const { requestId, trigger, episode, training, basis } = decision
  const { name } = model.options
  return {
    id: requestId,
    schemaVersion: RETRAIN_REQUEST_SCHEMA_VERSION,
    idempotencyKey: stableId('training', name, model.champion, training.fromMs, training.toMs),
    traceparent: traceparentOf(episode?.id ?? requestId, requestId),
    model: name,
    version: model.champion,
    at: end,
    deadlineAt: decision.deadlineAt,
    trigger,
    diagnosis: episode?.diagnosis ?? null,
    episodeId: episode?.id ?? null,
    evidence: [...decision.evidence],
    window: decision.window,
    trainingRange: { ...training, basis, offsets: offsetsSince(state.ledger, training.fromMs) },
    referenceId: model.references.get(model.champion)?.id ?? null,
    policyVersion: policyVersion(policy),
    suppressed: [...decision.suppressed],
    severity: decision.severity,
  }
}
