import { DriftstreamError } from '../errors/driftstream-error.ts'
import { assignCoPartitioned } from './assignment.ts'
import { AssignmentEnd } from './assignment-end.ts'
import type { MemoryPartition } from './memory-partition.ts'
import type { EventLoopTurns } from './memory-turns.ts'
import type { CommittedPosition, GroupConsumer, Poll, Position, TopicPartition } from './port.ts'

/** What a group needs of the log around it. */
export interface GroupSurroundings {
  readonly batchMax: number
  readonly turns: EventLoopTurns
  partition(at: TopicPartition): MemoryPartition
  partitionCounts(): ReadonlyMap<string, number>
  /** Called for every member's pending poll when records arrive anywhere in the log. */
  readonly arrivals: Set<() => void>
}

interface Claim extends TopicPartition {
  readonly log: MemoryPartition
  /** Next offset to read. */
  position: number
  paused: boolean
}

/** A consumer group: its committed offsets, and who reads what. Outlives its members. */
export class MemoryGroup {
  readonly #surroundings: GroupSurroundings
  readonly #committed = new Map<string, Map<number, CommittedPosition>>()
  readonly #members = new Map<string, MemoryMember>()
  #generation = 0
  #joined = 0

  constructor(surroundings: GroupSurroundings) {
    this.#surroundings = surroundings
  }

  commit(position: CommittedPosition): void {
    const { topic, partition } = position
    const partitions = this.#committed.get(topic)
    if (partitions === undefined) this.#committed.set(topic, new Map([[partition, position]]))
    else partitions.set(partition, position)
  }

  /** Committed position, or the first one still in the log where none was committed. */
  committed({ topic, partition }: TopicPartition): CommittedPosition {
    const found = this.#committed.get(topic)?.get(partition)
    return found ?? { topic, partition, offset: this.#surroundings.partition({ topic, partition }).low }
  }

  join(topics: readonly string[]): MemoryMember {
    // Padded, because members are dealt in the order of their ids and `10` sorts before `9`.
    const memberId = String(this.#joined++).padStart(9, '0')
    const member = new MemoryMember(this.#surroundings, topics, () => {
      this.#members.delete(memberId)
      this.#rebalance()
    })
    this.#members.set(memberId, member)
    this.#rebalance()
    return member
  }

  async close(): Promise<void> {
    for (const member of this.#members.values()) await member.close()
  }

  /** Eager, as the classic protocol is: everybody drops everything and starts from the committed offsets. */
  #rebalance(): void {
    this.#generation++
    const subscriptions = [...this.#members].map(([memberId, member]) => ({
      memberId,
      topics: member.topics,
    }))
    const assigned = assignCoPartitioned(subscriptions, this.#surroundings.partitionCounts())
    for (const [memberId, partitions] of assigned) {
      const claims = partitions.map((at) => ({
        ...at,
        log: this.#surroundings.partition(at),
        position: this.committed(at).offset,
        paused: false,
      }))
      this.#members.get(memberId)!.assign(this.#generation, claims)
    }
  }
}

/** One member of a group; see `GroupConsumer` for its contract. */
export class MemoryMember implements GroupConsumer {
  readonly topics: readonly string[]
  readonly #surroundings: GroupSurroundings
  readonly #leave: () => void
  #claims: Claim[] = []
  /** Set at a rebalance, taken by the next poll. */
  #assigned: Poll | null = null
  #ending = new AssignmentEnd()
  /** Where the search for records goes on, so that a busy partition starves no other. */
  #cursor = 0
  #pending: (() => void) | null = null
  #closed = false

  constructor(surroundings: GroupSurroundings, topics: readonly string[], leave: () => void) {
    this.topics = [...topics]
    this.#surroundings = surroundings
    this.#leave = leave
  }

  assign(generation: number, claims: Claim[]): void {
    this.#ending.tell()
    this.#ending = new AssignmentEnd()
    this.#claims = claims
    this.#assigned = {
      kind: 'assigned',
      generation,
      partitions: claims.map(({ topic, partition }) => ({ topic, partition })),
      over: this.#ending.signal,
    }
    this.#pending?.()
  }

  async poll(timeoutMs: number): Promise<Poll> {
    this.#expectOpen()
    if (this.#pending !== null) {
      throw new DriftstreamError('STATE_IMPOSSIBLE', 'expected one poll at a time, got a second one')
    }
    await this.#surroundings.turns.take()
    if (this.#closed) return { kind: 'idle' }
    return this.#next() ?? (await this.#nextWithin(timeoutMs))
  }

  seek({ topic, partition, offset }: Position): void {
    const claim = this.#claimOf({ topic, partition })
    if (claim !== undefined) claim.position = offset
  }

  pause(at: TopicPartition): void {
    const claim = this.#claimOf(at)
    if (claim !== undefined) claim.paused = true
  }

  resume(at: TopicPartition): void {
    const claim = this.#claimOf(at)
    if (claim !== undefined) claim.paused = false
    this.#pending?.()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#ending.tell()
    this.#claims = []
    this.#pending?.()
    this.#leave()
  }

  #claimOf({ topic, partition }: TopicPartition): Claim | undefined {
    return this.#claims.find((held) => held.topic === topic && held.partition === partition)
  }

  #next(): Poll | null {
    if (this.#assigned !== null) {
      const assigned = this.#assigned
      this.#assigned = null
      return assigned
    }
    for (let tried = 0; tried < this.#claims.length; tried++) {
      this.#cursor = (this.#cursor + 1) % this.#claims.length
      const claim = this.#claims[this.#cursor]!
      const highWatermark = claim.log.high
      if (claim.paused || claim.position >= highWatermark) continue
      const { records, nextOffset } = claim.log.slice(
        claim.position,
        highWatermark,
        this.#surroundings.batchMax,
      )
      claim.position = nextOffset
      if (records.length === 0) continue
      this.#surroundings.turns.spend(records.length)
      const { topic, partition } = claim
      return { kind: 'records', batch: { topic, partition, records, nextOffset, highWatermark } }
    }
    return null
  }

  #nextWithin(timeoutMs: number): Promise<Poll> {
    const { arrivals } = this.#surroundings
    return new Promise((resolve) => {
      const finish = (poll: Poll) => {
        clearTimeout(timer)
        arrivals.delete(check)
        this.#pending = null
        resolve(poll)
      }
      const check = () => {
        const next = this.#closed ? ({ kind: 'idle' } as const) : this.#next()
        if (next !== null) finish(next)
      }
      const timer = setTimeout(finish, timeoutMs, { kind: 'idle' })
      this.#pending = check
      arrivals.add(check)
    })
  }

  #expectOpen(): void {
    if (this.#closed) {
      throw new DriftstreamError('STATE_IMPOSSIBLE', 'expected an open consumer, got a poll after close')
    }
  }
}
