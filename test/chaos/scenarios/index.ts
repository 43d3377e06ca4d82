import type { Scenario } from '../scenario.ts'
import { abortedNeighbours } from './aborted-neighbours.ts'
import { brokerAway } from './broker-away.ts'
import { coldBacklog } from './cold-backlog.ts'
import { copyExactlyOnce } from './copy-exactly-once.ts'
import { crashPoints } from './crash-points.ts'
import { delayedLabels } from './delayed-labels.ts'
import { detectorRestart } from './detector-restart.ts'
import { frozenBrokers } from './frozen-brokers.ts'
import { hungTransaction } from './hung-transaction.ts'
import { joinsAndLeaves } from './joins-and-leaves.ts'
import { ladder } from './ladder.ts'
import { leadersDie } from './leaders-die.ts'
import { liveStagesKilled } from './live-stages-killed.ts'
import { liveStagesRestless } from './live-stages-restless.ts'
import { nemesis } from './nemesis.ts'
import { poison } from './poison.ts'
import { politeStops } from './polite-stops.ts'
import { registryAway } from './registry-away.ts'
import { retrainerKilled } from './retrainer-killed.ts'
import { soak } from './soak.ts'
import { zombie } from './zombie.ts'

/** All of them, in the order of their names. */
export const SCENARIOS: readonly Scenario[] = [
  copyExactlyOnce,
  ladder,
  leadersDie,
  zombie,
  crashPoints,
  abortedNeighbours,
  joinsAndLeaves,
  poison,
  brokerAway,
  coldBacklog,
  hungTransaction,
  delayedLabels,
  detectorRestart,
  politeStops,
  nemesis,
  soak,
  retrainerKilled,
  liveStagesKilled,
  registryAway,
  liveStagesRestless,
  frozenBrokers,
]
