import { stableId } from '../events/stable-id.ts'
import type { TriggerPolicy } from './policy.ts'

/** Hash of a policy: the same for the same policy, in whatever order its options are written. */
export function policyVersion(policy: TriggerPolicy): string {
  return stableId('policy', JSON.stringify(inOrder(policy)))
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, each]) => [key, inOrder(each)])
}
