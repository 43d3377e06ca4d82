import { describe, expect, it } from 'vitest'
import { type KafkaPlace, PlaceMissing, provideKafka } from '../../support/kafka-provider.ts'

/** A place that may start, and then gives a broker of its own name or fails with `fault`. */
function place(
  name: string,
  { missing = null, fault = null }: { missing?: string | null; fault?: Error | null },
) {
  const calls: string[] = []
  const asPlace: KafkaPlace = {
    missing: async () => {
      calls.push('missing')
      return missing
    },
    start: async () => {
      calls.push('start')
      if (fault !== null) throw fault
      return { brokers: [`${name}:9092`], stop: async () => void calls.push('stop') }
    },
  }
  return { ...asPlace, calls }
}

async function provide(env: Record<string, string>, docker: KafkaPlace, local: KafkaPlace) {
  const lines: string[] = []
  const outcome = provideKafka(env, { docker, local }, (line) => lines.push(line))
  return {
    lines,
    outcome: await outcome.then(
      ({ brokers }) => brokers,
      (error: Error) => error,
    ),
  }
}

describe('the provider of a broker', () => {
  it('asks no place when brokers are given', async () => {
    const docker = place('docker', {})
    const local = place('local', {})
    const { outcome } = await provide({ KAFKA_BROKERS: 'mine:9092', REQUIRE_KAFKA: '1' }, docker, local)
    expect(outcome).toEqual(['mine:9092'])
    expect([docker.calls, local.calls]).toEqual([[], []])
  })

  it('starts a container where an engine answers, and hands on its stop', async () => {
    const docker = place('docker', {})
    const local = place('local', {})
    const kafka = await provideKafka({}, { docker, local }, () => {})
    await kafka.stop()
    expect(kafka.brokers).toEqual(['docker:9092'])
    expect(docker.calls).toEqual(['missing', 'start', 'stop'])
    expect(local.calls).toEqual(['missing'])
  })

  it('goes on to the local broker when the engine gives none, and says so', async () => {
    const docker = place('docker', { fault: new PlaceMissing('cannot pull the image') })
    const { outcome, lines } = await provide({}, docker, place('local', {}))
    expect(outcome).toEqual(['local:9092'])
    expect(lines).toEqual(['no broker from docker: cannot pull the image'])
  })

  it('says in one line why there is no broker', async () => {
    const docker = place('docker', { missing: 'no engine' })
    const { outcome, lines } = await provide({}, docker, place('local', { missing: 'no java' }))
    expect(outcome).toBeNull()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/SKIPPED.*Docker: no engine; local: no java$/)
  })

  it('fails a run that requires a broker when the last place gives none', async () => {
    const local = place('local', { fault: new PlaceMissing('Maven is offline') })
    const { outcome } = await provide(
      { REQUIRE_KAFKA: '1' },
      place('docker', { missing: 'no engine' }),
      local,
    )
    expect(outcome).toEqual(
      new Error(
        'REQUIRE_KAFKA=1 and no broker: KAFKA_BROKERS is not set; Docker: no engine; local: Maven is offline',
      ),
    )
  })

  it('does not hide a broker that breaks', async () => {
    const fault = new Error('broker 1 ended with exit code 1')
    const { outcome } = await provide(
      {},
      place('docker', { missing: 'no engine' }),
      place('local', { fault }),
    )
    expect(outcome).toBe(fault)
  })
})
