import type { DeploymentStage } from '../../src/events/deployment-event.ts'
import type { StrikeMoment } from './struck-transaction.ts'

/** What becomes of a candidate about whom nobody said anything. */
export interface ApprovalRunsOut {
  readonly onTimeout: 'promote' | 'reject'
}

/** When a retrainer is killed with a rollout of its in hand, and what is to come of it. */
export interface RolloutStrike {
  readonly name: string
  /** The transaction that is struck is the one that brings this stage. */
  readonly stage: DeploymentStage
  readonly moment: StrikeMoment
  /** When the trainer, and whoever predicts, may go on: before the strike, with nobody there, or afterwards. */
  readonly gateOpens: 'before' | 'while away' | 'afterwards' | 'never'
  /** A person is asked first: in a day, or in seconds of which the last pass with nobody there. */
  readonly approval: null | 'in a day' | ApprovalRunsOut
  /** The trainer leaves the holdout to a predictor, whose gate opens last. */
  readonly predictor: boolean
  /** What a person says, when the log has the rollout at the stage. */
  readonly says: { readonly kind: 'approve' | 'cancel'; readonly at: DeploymentStage } | null
  /** How it must end. */
  readonly end: DeploymentStage
}

const PLAIN = { approval: null, predictor: false, says: null, end: 'promoted' } as const
const APPROVED = { kind: 'approve', at: 'awaiting-approval' } as const

/** Every state of a rollout, once on each side of what makes it one. A new state is a new entry. */
export const ROLLOUT_STRIKES: readonly RolloutStrike[] = [
  {
    ...PLAIN,
    name: 'accepted, unwritten',
    stage: 'accepted',
    moment: 'before the commit',
    gateOpens: 'afterwards',
  },
  {
    ...PLAIN,
    name: 'accepted',
    stage: 'accepted',
    moment: 'after the commit',
    gateOpens: 'afterwards',
  },
  {
    ...PLAIN,
    name: 'handed over, unwritten',
    stage: 'training',
    moment: 'before the commit',
    gateOpens: 'afterwards',
  },
  {
    ...PLAIN,
    name: 'handed over, and over, unwritten',
    stage: 'training',
    moment: 'before the commit',
    gateOpens: 'while away',
  },
  {
    ...PLAIN,
    name: 'training',
    stage: 'training',
    moment: 'after the commit',
    gateOpens: 'afterwards',
  },
  {
    ...PLAIN,
    name: 'training, over meanwhile',
    stage: 'training',
    moment: 'commit unanswered',
    gateOpens: 'while away',
  },
  {
    ...PLAIN,
    name: 'validating',
    stage: 'validating',
    moment: 'after the commit',
    gateOpens: 'before',
    predictor: true,
  },
  {
    ...PLAIN,
    name: 'validated, unwritten',
    stage: 'promoted',
    moment: 'before the commit',
    gateOpens: 'before',
  },
  {
    ...PLAIN,
    name: 'promoted, unanswered',
    stage: 'promoted',
    moment: 'commit unanswered',
    gateOpens: 'before',
  },
  {
    ...PLAIN,
    name: 'awaiting approval',
    stage: 'awaiting-approval',
    moment: 'after the commit',
    gateOpens: 'before',
    approval: 'in a day',
    says: APPROVED,
  },
  {
    ...PLAIN,
    name: 'approved, unwritten',
    stage: 'promoted',
    moment: 'before the commit',
    gateOpens: 'before',
    approval: 'in a day',
    says: APPROVED,
  },
  {
    ...PLAIN,
    name: 'cancelled, unwritten',
    stage: 'cancelled',
    moment: 'before the commit',
    gateOpens: 'never',
    says: { kind: 'cancel', at: 'training' },
    end: 'cancelled',
  },
  {
    ...PLAIN,
    name: 'cancelled, unanswered',
    stage: 'cancelled',
    moment: 'commit unanswered',
    gateOpens: 'never',
    says: { kind: 'cancel', at: 'training' },
    end: 'cancelled',
  },
  {
    ...PLAIN,
    name: 'approval runs out, for no',
    stage: 'awaiting-approval',
    moment: 'after the commit',
    gateOpens: 'before',
    approval: { onTimeout: 'reject' },
    end: 'timed-out',
  },
  {
    ...PLAIN,
    name: 'approval runs out, for yes',
    stage: 'awaiting-approval',
    moment: 'commit unanswered',
    gateOpens: 'before',
    approval: { onTimeout: 'promote' },
  },
  {
    ...PLAIN,
    name: 'approval ran out, unwritten',
    stage: 'timed-out',
    moment: 'before the commit',
    gateOpens: 'before',
    approval: { onTimeout: 'reject' },
    end: 'timed-out',
  },
  {
    ...PLAIN,
    name: 'approval ran out, unanswered',
    stage: 'promoted',
    moment: 'commit unanswered',
    gateOpens: 'before',
    approval: { onTimeout: 'promote' },
  },
]
