import { tellJoinRate } from '../subjects/join-rate.ts'
import { waitingOnDisk } from '../subjects/spilled.ts'

tellJoinRate(waitingOnDisk(10_000_000), 50_000)
