import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeLocalKafka } from '../support/local-kafka.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { play, toLine } from './scenario.ts'
import { SCENARIOS } from './scenarios/index.ts'

const MINUTE_MS = 60_000

describeLocalKafka('scenarios of failure, some thousand events each', () => {
  let cluster: Cluster

  beforeAll(async () => {
    cluster = await startCluster(1)
  }, 2 * MINUTE_MS)

  afterAll(() => cluster.stop())

  for (const scenario of SCENARIOS.filter(({ inQuick }) => inQuick)) {
    it(`${scenario.id} ${scenario.name}`, { timeout: 4 * MINUTE_MS }, async () => {
      const report = await play({ ...scenario, brokers: 1 }, cluster, { seed: 1, quick: true, minutes: 1 })
      process.stderr.write(`${toLine(report)}\n`)
      expect(report.faults).toEqual([])
      expect(report).toMatchObject({ lost: 0, doubled: 0 })
      expect(report.events).toBeGreaterThan(0)
    })
  }
})
