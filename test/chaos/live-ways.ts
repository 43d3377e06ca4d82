import type { DeploymentStage } from '../../src/events/deployment-event.ts'

/** One way of a candidate past live events, and where it must end. */
export interface LiveWay {
  readonly name: string
  /** A model's `retraining.rollout`, as YAML in one line. */
  readonly rollout: string
  /** Asked before its promotion, after its canary. */
  readonly approval: boolean
  /** Two minutes after this stage the candidate begins to say the opposite of what is true. */
  readonly spoiltAt: DeploymentStage | null
  /** What a person says, a minute after this stage. */
  readonly says: { readonly kind: 'approve' | 'cancel'; readonly at: DeploymentStage } | null
  /** Every stage behind `validated`, in its order. */
  readonly stages: readonly DeploymentStage[]
}

const SHADOW = 'shadow: { minimum: 1m, maximum: 3m, labelledMin: 60, onTimeout: continue }'
const CANARY = (onTimeout: 'promote' | 'approve') =>
  `canary: { steps: [0.3, 0.6], stepMinimum: 2m, maximum: 5m, labelledMin: 10, onTimeout: ${onTimeout} }`
/** So much proof that no stage ends by it: every way is as long as its stages ask for. */
const NEVER_PROVEN = 'proof: 1e-300'

const PLAIN = { approval: false, spoiltAt: null, says: null } as const

/** Every stage on live events, and every end of it. */
export const LIVE_WAYS: readonly LiveWay[] = [
  {
    ...PLAIN,
    name: 'to the end',
    rollout: `{ ${SHADOW}, ${CANARY('promote')}, watch: { duration: 3m }, ${NEVER_PROVEN} }`,
    stages: ['shadow', 'canary', 'canary', 'promoted', 'confirmed'],
  },
  {
    ...PLAIN,
    name: 'asked after its canary',
    rollout: `{ ${CANARY('approve')}, ${NEVER_PROVEN} }`,
    approval: true,
    says: { kind: 'approve', at: 'awaiting-approval' },
    stages: ['canary', 'canary', 'awaiting-approval', 'promoted'],
  },
  {
    ...PLAIN,
    name: 'worse in shadow',
    rollout: `{ shadow: { minimum: 1m, maximum: 30m, labelledMin: 60 }, ${NEVER_PROVEN} }`,
    spoiltAt: 'shadow',
    stages: ['shadow', 'rejected'],
  },
  {
    ...PLAIN,
    name: 'unproven in shadow',
    rollout: `{ shadow: { minimum: 1m, maximum: 3m, labelledMin: 60 }, ${NEVER_PROVEN} }`,
    stages: ['shadow', 'timed-out'],
  },
  {
    ...PLAIN,
    name: 'worse in its canary',
    rollout: `{ canary: { steps: [0.5], stepMinimum: 2m, maximum: 50m, labelledMin: 10 }, ${NEVER_PROVEN} }`,
    spoiltAt: 'canary',
    stages: ['canary', 'rolled-back'],
  },
  {
    ...PLAIN,
    name: 'worse while asked about',
    rollout: `{ ${CANARY('approve')}, ${NEVER_PROVEN} }`,
    approval: true,
    spoiltAt: 'awaiting-approval',
    stages: ['canary', 'canary', 'awaiting-approval', 'rolled-back'],
  },
  {
    ...PLAIN,
    name: 'cancelled in its canary',
    rollout: `{ ${CANARY('promote')}, ${NEVER_PROVEN} }`,
    says: { kind: 'cancel', at: 'canary' },
    stages: ['canary', 'cancelled'],
  },
  {
    ...PLAIN,
    name: 'worse while watched',
    rollout: `{ watch: { duration: 60m } }`,
    spoiltAt: 'promoted',
    stages: ['promoted', 'rolled-back'],
  },
  {
    ...PLAIN,
    name: 'taken back at a word',
    rollout: `{ watch: { duration: 60m } }`,
    says: { kind: 'cancel', at: 'promoted' },
    stages: ['promoted', 'rolled-back'],
  },
]
