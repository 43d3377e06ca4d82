import { tellJoinRate } from '../subjects/join-rate.ts'
import { waitingInMemory } from '../subjects/waiting.ts'

tellJoinRate(waitingInMemory(1_000_000), 50_000)
