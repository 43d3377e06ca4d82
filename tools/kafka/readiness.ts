import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { mendIdleTimer } from '../../src/log/kafkajs/mend-idle-timer.ts'

const POLL_INTERVAL_MS = 50
/** For one question to a broker that has bound its port and does not serve it yet. */
const ANSWER_TIMEOUT_MS = 1000

interface ClusterAnswer {
  readonly clusterId: string
  readonly controller: number | null
  readonly nodeIds: readonly number[]
}

// Unmended, the first connection makes Node print a warning over the progress.
mendIdleTimer()

async function askCluster(address: string): Promise<ClusterAnswer> {
  const kafka = new Kafka({
    clientId: 'driftstream-readiness',
    brokers: [address],
    logLevel: logLevel.NOTHING,
    connectionTimeout: ANSWER_TIMEOUT_MS,
    requestTimeout: ANSWER_TIMEOUT_MS,
    retry: { retries: 0 },
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const { clusterId, controller, brokers } = await admin.describeCluster()
    return { clusterId, controller, nodeIds: brokers.map(({ nodeId }) => nodeId) }
  } finally {
    await admin.disconnect()
  }
}

export interface ExpectedCluster {
  /** Another Kafka may already hold a port that was asked for. */
  readonly clusterId: string
  readonly nodeIds: readonly number[]
}

/**
 * Resolves when the broker at `address` answers a metadata request as a member of the expected cluster,
 * with a controller and all of its nodes.
 *
 * Throws after `timeoutMs` with the last thing that was wrong; returns silently once `signal` is aborted.
 */
export async function awaitMetadata(
  address: string,
  { clusterId, nodeIds }: ExpectedCluster,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  let last = 'it was not asked'
  while (!signal.aborted) {
    try {
      const answer = await askCluster(address)
      const known = nodeIds.every((nodeId) => answer.nodeIds.includes(nodeId))
      if (answer.clusterId !== clusterId)
        last = `cluster ${answer.clusterId} is there instead of ${clusterId}`
      else if (known && answer.controller !== null && answer.controller >= 0) return
      else last = `it knows the brokers [${answer.nodeIds}] and controller ${answer.controller}`
    } catch (error) {
      last = (error as Error).message
    }
    if (performance.now() > deadline) {
      throw new Error(`Kafka at ${address} was not ready after ${timeoutMs} ms: ${last}`)
    }
    await sleep(POLL_INTERVAL_MS)
  }
}
