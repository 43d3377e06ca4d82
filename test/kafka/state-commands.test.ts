import { afterEach, beforeEach, expect, it } from 'vitest'
import type { StatusReport } from '../../src/consumers/status.ts'
import { Installation } from '../support/installation.ts'
import { describeKafka } from '../support/kafka.ts'
import { playMinute, publishSmallReference } from '../support/small-installation.ts'
import type { SmallWorld } from '../support/small-world.ts'

const PARTITIONS = 2
const REST = `
stream: { paneLength: 1m, grace: 0s, labelWait: 30m, flushInterval: 100ms, snapshotAfter: 0B, pastMax: 9999d }
models:
  small: { version: 1, task: binary, features: { x: numeric, c: categorical } }`
const BAD = 5
const world: SmallWorld = {
  startMs: Date.UTC(2026, 0, 5),
  turnsAtMinute: 1e6,
  eventsPerMinute: 100,
  seed: 21,
}

describeKafka('what is kept and told of a running installation, on a real broker', () => {
  let own: Installation

  beforeEach(async () => {
    own = await Installation.open({ name: 'state', partitions: PARTITIONS, rest: () => REST })
  })

  afterEach(async () => {
    await own.close()
  })

  it('status, dead letters sent back once, and a detector that starts from its snapshot', async () => {
    expect((await own.run('topics', 'create', '--keep-forever')).code).toBe(0)
    await publishSmallReference(own, world)
    const first = own.start(['run'])
    for (let minute = 0; minute < 6; minute++) await playMinute(own, world, minute)
    await own.producer.send(
      Array.from({ length: BAD }, (_, index) => ({
        topic: own.names.features,
        partition: 1,
        key: Buffer.from(`k${index}`),
        value: Buffer.from('{"model":'),
        timestamp: world.startMs,
      })),
    )
    const status = await settled()
    expect(status.models).toMatchObject([{ model: 'small', champion: '1', openEpisodes: [] }])
    expect(status.health).toMatchObject({ state: 'whole', totals: { gaps: 0, overlaps: 0 } })

    const listed = JSON.parse((await own.run('dlq', 'list', '--json')).stdout)
    expect(listed).toHaveLength(BAD)
    expect(listed[0]).toMatchObject({ code: 'EVENT_UNDECODABLE', replayed: false })
    const shown = await own.run('dlq', 'show', listed[0].place)
    expect(shown.stdout).toContain('{"model":')
    expect((await own.run('dlq', 'replay', '--all', '--dry-run')).stdout).toContain(
      `${BAD} would be sent back`,
    )
    expect((await own.run('dlq', 'replay', '--code', 'EVENT_UNDECODABLE')).stdout).toContain(
      `${BAD} sent back, 0 were sent back before`,
    )
    await settled()
    // Refused again, they are letters of their own; the first ones stay where they are.
    expect((await own.run('dlq', 'replay', '--all', '--dry-run')).stdout).toContain(
      `${BAD} would be sent back, ${BAD} were sent back before`,
    )

    const asked = performance.now()
    first.process.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    expect(performance.now() - asked).toBeLessThan(10_000)

    const second = own.start(['detect'])
    await second.says('detector state rebuilt')
    await second.says('tasks assigned')
    expect(second.said.stderr).toContain('"fromSnapshot":true')
    expect(second.said.stderr).not.toContain('snapshot not used')
    second.process.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  }, 90_000)

  /** Asks for the status until everything sent has been counted and judged; the test's own time bounds it. */
  async function settled(): Promise<StatusReport> {
    for (;;) {
      const { stdout } = await own.run('status', '--json')
      const status = JSON.parse(stdout) as StatusReport
      const observed = status.positions.filter(({ process }) => process === 'observer')
      const isCounted = observed.every(({ lag }) => lag <= 1)
      // Behind the last sketch there may be the marker of its transaction.
      const isJudged = status.positions.every(({ process, lag }) => process !== 'detector' || lag <= 2)
      if (isCounted && isJudged && status.health !== null) return status
    }
  }
})
