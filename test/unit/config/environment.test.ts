import { describe, expect, it } from 'vitest'
import { type Fault, formatFaults } from '../../../src/config/fault.ts'
import { checkConfig, parseConfig } from '../../../src/config/load-config.ts'

const TEXT = `
kafka: { brokers: [localhost:9092] }
models:
  flights: { version: 1, task: binary, features: { dep_hour: { type: numeric }, origin: categorical } }
  fraud-eu: &fraud { version: 1, task: binary, features: { amount: numeric } }
  fraud-us: *fraud
`

function faultsOf(env: Record<string, string>): readonly Fault[] {
  const result = checkConfig(TEXT, env)
  return 'faults' in result ? result.faults : []
}

describe('environment overrides', () => {
  it('go down a level at two underscores, whatever the case', () => {
    const { kafka, models, stream } = parseConfig(TEXT, {
      DRIFTSTREAM_KAFKA__BROKERS: 'a:1, b:2',
      DRIFTSTREAM_KAFKA__CLIENTID: 'left',
      DRIFTSTREAM_MODELS__FLIGHTS__VERSION: '2',
      DRIFTSTREAM_stream__paneLength: '10m',
      DRIFTSTREAM_STREAM__LABEL_WAIT: '2h',
    })
    expect(kafka).toMatchObject({ brokers: ['a:1', 'b:2'], clientId: 'left' })
    expect(models.get('flights')?.version).toBe('2')
    expect(stream).toMatchObject({ paneMs: 600_000, labelWaitMs: 7_200_000 })
  })

  it('reach names a shell cannot write', () => {
    const { models } = parseConfig(TEXT, {
      DRIFTSTREAM_MODELS__FRAUD_EU__VERSION: '7',
      DRIFTSTREAM_MODELS__FLIGHTS__FEATURES__DEP_HOUR__WINDOW: '7d',
    })
    expect(models.get('fraud-eu')?.version).toBe('7')
    expect(models.get('flights')?.features.get('dep_hour')?.windowMs).toBe(7 * 86_400_000)
  })

  it('leave alone what an alias shares', () => {
    const { models } = parseConfig(TEXT, { DRIFTSTREAM_MODELS__FRAUD_EU__VERSION: '7' })
    expect(models.get('fraud-us')?.version).toBe('1')
  })

  it('make sections the file does not have', () => {
    const { log, models } = parseConfig(TEXT, {
      DRIFTSTREAM_LOG__PRETTY: 'true',
      DRIFTSTREAM_MODELS__FLIGHTS__RETRAINING__TRAINER__COMMAND: 'node,train.js,--epochs,3',
    })
    expect(log.pretty).toBe(true)
    expect(models.get('flights')?.trainer).toMatchObject({ command: ['node', 'train.js', '--epochs', '3'] })
  })

  it('are no overrides when empty, of another program, or put there by Kubernetes', () => {
    const env = {
      DRIFTSTREAM_GROUP: '',
      DRIFTSTREAM_CONFIG: '/etc/driftstream.yaml',
      DRIFT_GROUP: 'b',
      DRIFTSTREAM_SERVICE_HOST: '10.0.0.1',
      DRIFTSTREAM_SERVICE_PORT_HTTP: '8080',
      DRIFTSTREAM_PORT: 'tcp://10.0.0.1:8080',
      DRIFTSTREAM_OBSERVER_PORT_8080_TCP_ADDR: '10.0.0.1',
    }
    expect(parseConfig(TEXT, env)).toEqual(parseConfig(TEXT))
  })

  it.each([
    [
      'an unknown section',
      { DRIFTSTREAM_KAFKAS__BROKERS: 'a:1' },
      {
        path: 'DRIFTSTREAM_KAFKAS__BROKERS',
        expected:
          'one of kafka, schemaRegistry, topics, group, stream, join, deadLetters, mapping, models, artifacts, alerts, metrics, log',
        got: '"KAFKAS"',
        hint: 'did you mean "kafka"?',
      },
    ],
    [
      'one underscore where two belong',
      { DRIFTSTREAM_KAFKA_BROKERS: 'a:1' },
      {
        path: 'DRIFTSTREAM_KAFKA_BROKERS',
        expected:
          'one of kafka, schemaRegistry, topics, group, stream, join, deadLetters, mapping, models, artifacts, alerts, metrics, log',
        got: '"KAFKA_BROKERS"',
      },
    ],
    [
      'a model the file does not have',
      { DRIFTSTREAM_MODELS__FLIGTHS__VERSION: '2' },
      {
        path: 'DRIFTSTREAM_MODELS__FLIGTHS__VERSION',
        expected: 'one of flights, fraud-eu, fraud-us',
        got: '"FLIGTHS"',
        hint: 'did you mean "flights"?',
      },
    ],
    [
      'a step into a list',
      { DRIFTSTREAM_KAFKA__BROKERS__0: 'a:1' },
      {
        path: 'DRIFTSTREAM_KAFKA__BROKERS__0',
        expected: 'kafka.brokers to be a list, which is set as a whole',
        got: 'the step "0" into it',
      },
    ],
    [
      'a step into a value',
      { DRIFTSTREAM_GROUP__NAME: 'a' },
      {
        path: 'DRIFTSTREAM_GROUP__NAME',
        expected: 'group to be a value without parts',
        got: 'the step "NAME" into it',
      },
    ],
    [
      'a step into a shorthand',
      { DRIFTSTREAM_MODELS__FLIGHTS__FEATURES__ORIGIN__WINDOW: '7d' },
      {
        path: 'DRIFTSTREAM_MODELS__FLIGHTS__FEATURES__ORIGIN__WINDOW',
        expected: 'models.flights.features.origin to be a section',
        got: '"categorical"',
      },
    ],
  ])('name the variable: %s', (_what, env: Record<string, string>, fault) => {
    expect(faultsOf(env)).toEqual([fault])
  })

  it('refuse to choose between names that read alike', () => {
    const text = 'kafka: { brokers: [a:1] }\nmodels: { a-b: {}, a.b: {} }'
    const result = checkConfig(text, { DRIFTSTREAM_MODELS__A_B__VERSION: '2' })
    expect('faults' in result && result.faults[0]).toEqual({
      path: 'DRIFTSTREAM_MODELS__A_B__VERSION',
      expected: 'one name',
      got: '"A_B", which fits a-b, a.b',
    })
  })

  it('take the blame for a wrong value', () => {
    const faults = faultsOf({
      DRIFTSTREAM_STREAM__GRACE: 'soon',
      DRIFTSTREAM_KAFKA__BROKERS: 'a:1,b',
      DRIFTSTREAM_MODELS__FLIGHTS__WINDOWS__DATA: '90m',
    })
    expect(formatFaults(faults).split('\n')).toEqual([
      'kafka.brokers[1]: expected host:port, got "b" (set by DRIFTSTREAM_KAFKA__BROKERS)',
      'stream.grace: expected a duration such as 30s, 10m, 7d, got "soon" (set by DRIFTSTREAM_STREAM__GRACE)',
      'models.flights.windows.data: expected a multiple of the pane, stream.paneLength, which is 1h, got "90m"' +
        ' (set by DRIFTSTREAM_MODELS__FLIGHTS__WINDOWS__DATA)',
    ])
  })
})
