import type { Scenario } from '../scenario.ts'
import { brokerAway } from './broker-away.ts'
import { copyExactlyOnce } from './copy-exactly-once.ts'
import { crashPoints } from './crash-points.ts'
import { poison } from './poison.ts'
import { zombie } from './zombie.ts'

export const SCENARIOS: readonly Scenario[] = [copyExactlyOnce, zombie, crashPoints, poison, brokerAway]
