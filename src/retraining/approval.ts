/** Whether a person must agree before a candidate that passed every gate serves. */
export interface ApprovalOptions {
  readonly required: boolean
  /** How long the question stands. */
  readonly timeoutMs: number
  /** What becomes of a candidate nobody answered for. */
  readonly onTimeout: 'reject' | 'promote'
  /** Whether the question comes before a share of traffic is given, or before all of it is. Absent: `canary`. */
  readonly before?: 'canary' | 'promotion'
}

export const APPROVAL_DEFAULTS: ApprovalOptions = {
  required: false,
  timeoutMs: 86_400_000,
  // Silence is no consent.
  onTimeout: 'reject',
}
