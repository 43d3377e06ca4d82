import { describe, expect, it } from 'vitest'
import { type Fault, formatFaults } from '../../../src/config/fault.ts'
import { checkConfig, loadConfig, parseConfig } from '../../../src/config/load-config.ts'
import { DriftstreamError } from '../../../src/errors/driftstream-error.ts'

const SMALLEST = `
kafka: { brokers: [localhost:9092] }
models:
  flights: { version: 1, task: binary, features: { distance: numeric } }
`

/** The smallest configuration with `lines` under its one model. */
function withModel(lines: string, task = 'binary'): string {
  return `
kafka: { brokers: [localhost:9092] }
models:
  flights:
    version: 1
    task: ${task}
    features: { distance: numeric }
${lines.replaceAll(/^/gm, '    ')}
`
}

function faultsOf(text: string): readonly Fault[] {
  const result = checkConfig(text)
  return 'faults' in result ? result.faults : []
}

const TOP_LEVEL =
  'one of kafka, schemaRegistry, topics, group, stream, join, deadLetters, mapping, models, artifacts, alerts, metrics, log'
const KINDS =
  'schedule, drift, performance, estimated, metric, volume, age, cost, any, all, at-least, votes, confirmed'
const DURATION = 'a duration such as 30s, 10m, 7d'

const BROKEN: readonly (readonly [what: string, text: string, faults: readonly Fault[]])[] = [
  [
    'an empty file',
    '',
    [
      { path: 'kafka.brokers', expected: 'a list of host:port', got: 'nothing' },
      { path: 'models', expected: 'at least one model by name', got: 'nothing' },
    ],
  ],
  [
    'a list instead of sections',
    '- kafka',
    [
      {
        path: 'the configuration',
        expected:
          'a section of kafka, schemaRegistry, topics, group, stream, join, deadLetters, mapping, models, artifacts, alerts, metrics, log',
        got: '["kafka"]',
      },
    ],
  ],
  [
    'an unknown section, near a known one',
    `${SMALLEST}topic: { features: a }`,
    [{ path: 'topic', expected: TOP_LEVEL, got: 'the unknown key "topic"', hint: 'did you mean "topics"?' }],
  ],
  [
    'an unknown section, near nothing',
    `${SMALLEST}retention: 7d`,
    [{ path: 'retention', expected: TOP_LEVEL, got: 'the unknown key "retention"' }],
  ],
  [
    'a section called __proto__',
    `${SMALLEST}__proto__: { group: a }`,
    [{ path: '__proto__', expected: TOP_LEVEL, got: 'the unknown key "__proto__"' }],
  ],
  [
    'alerts without an address, with two secrets, a name twice, a model that is not there',
    `${SMALLEST}alerts:
  - { name: a, kind: slack }
  - { name: a, kind: webhook, url: "http://x", secretFile: s, secretVariable: S, models: [nobody] }
`,
    [
      { path: 'alerts[0]', expected: 'either urlFile or urlVariable', got: 'neither' },
      { path: 'alerts[1].name', expected: 'a name of its own', got: '"a"' },
      { path: 'alerts[1]', expected: 'either secretFile or secretVariable', got: 'both' },
      { path: 'alerts[1].models', expected: 'models of this configuration', got: '"nobody"' },
    ],
  ],
  [
    'an alert of an unknown kind, and one with the address of a chat in the open',
    `${SMALLEST}alerts: [{ name: a, kind: mail }, { name: b, kind: slack, url: "https://x", urlVariable: X }]`,
    [
      { path: 'alerts[0].kind', expected: 'a section whose kind is log, webhook or slack', got: '"mail"' },
      {
        path: 'alerts[1].url',
        expected:
          'one of kind, name, models, diagnoses, about, severity, atMost, per, staleAfter, giveUpAfter, urlFile, urlVariable, requestTimeLimit',
        got: 'the unknown key "url"',
      },
    ],
  ],
  [
    'one broker without a list and one without a port',
    'kafka: { brokers: localhost:9092 }\nmodels: { a: { version: 1, task: binary, features: { x: numeric } } }',
    [{ path: 'kafka.brokers', expected: 'a list of host:port', got: '"localhost:9092"' }],
  ],
  [
    'a broker without a port, a port out of range',
    SMALLEST.replace('localhost:9092', 'localhost, "localhost:70000", "[::1]:9092"'),
    [
      { path: 'kafka.brokers[0]', expected: 'host:port', got: '"localhost"' },
      { path: 'kafka.brokers[1]', expected: 'host:port', got: '"localhost:70000"' },
    ],
  ],
  [
    'durations without a unit, of nothing, and in words',
    `${SMALLEST}stream: { paneLength: 0s, grace: 5, labelWait: soon, idleAfter: 1.5h }`,
    [
      { path: 'stream.paneLength', expected: DURATION, got: '"0s"' },
      { path: 'stream.grace', expected: DURATION, got: '5' },
      { path: 'stream.labelWait', expected: DURATION, got: '"soon"' },
      { path: 'stream.idleAfter', expected: DURATION, got: '"1.5h"' },
    ],
  ],
  [
    'whole numbers that are none',
    `${SMALLEST}stream: { waitingMax: 1.5, flushEvents: 0 }\ntopics: { partitions: many }`,
    [
      { path: 'topics.partitions', expected: 'a whole number from 1 to 10000', got: '"many"' },
      { path: 'stream.waitingMax', expected: 'a whole number of at least 1', got: '1.5' },
      { path: 'stream.flushEvents', expected: 'a whole number of at least 1', got: '0' },
    ],
  ],
  [
    'an illegal topic name',
    `${SMALLEST}topics: { features: "ml/features" }`,
    [
      {
        path: 'topics.features',
        expected: 'a topic name of 1 to 249 of [a-zA-Z0-9._-]',
        got: '"ml/features"',
      },
    ],
  ],
  [
    'two topics that Kafka would take for one, one of them by default',
    `${SMALLEST}topics: { features: ml_labels.v1 }`,
    [
      {
        path: 'topics.labels',
        expected: 'a topic of its own',
        got: '"ml.labels.v1"',
        hint: 'topics.features has the same; Kafka takes "." and "_" for one',
      },
    ],
  ],
  [
    'a group name that is none',
    `${SMALLEST}group: my group`,
    [{ path: 'group', expected: '1 to 100 of [a-zA-Z0-9._-]', got: '"my group"' }],
  ],
  [
    'a mapping that ends in a dot',
    `${SMALLEST}mapping: { feature: { id: payload. }, label: { identifier: x } }`,
    [
      {
        path: 'mapping.feature.id',
        expected: 'a dotted path into the event, such as payload.id',
        got: '"payload."',
      },
      {
        path: 'mapping.label.identifier',
        expected: 'one of model, id, at, label',
        got: 'the unknown key "identifier"',
      },
    ],
  ],
  [
    'a model name no topic key could carry, a version YAML has rounded, a task that is none',
    'kafka: { brokers: [a:1] }\nmodels: { "my model": { version: 1.10, task: ranking, features: { x: numeric } } }',
    [
      {
        path: 'models["my model"]',
        expected: 'a model name of 1 to 100 of [a-zA-Z0-9._-]',
        got: '"my model"',
      },
      {
        path: 'models["my model"].version',
        expected: 'a version: text of 1 to 100 characters or a whole number ("1.10" in quotes)',
        got: '1.1',
      },
      {
        path: 'models["my model"].task',
        expected: 'one of binary, multiclass, regression',
        got: '"ranking"',
      },
    ],
  ],
  [
    'a model name that leads elsewhere',
    'kafka: { brokers: [a:1] }\nmodels: { "..": { version: 1, task: binary, features: { x: numeric } } }',
    [
      {
        path: 'models[".."]',
        expected: 'a model name of 1 to 100 of [a-zA-Z0-9._-]',
        got: '".."',
      },
    ],
  ],
  [
    'no features',
    'kafka: { brokers: [a:1] }\nmodels: { a: { version: 1, task: binary, features: {} } }',
    [{ path: 'models.a.features', expected: 'at least one feature by name', got: '{}' }],
  ],
  [
    'a shorthand and a feature of no known type',
    SMALLEST.replace('distance: numeric', 'distance: number, "a.b": { type: numeric, windows: 7d }, c: 5'),
    [
      { path: 'models.flights.features.distance', expected: 'one of numeric, categorical', got: '"number"' },
      {
        path: 'models.flights.features["a.b"].windows',
        expected: 'one of type, window, effect',
        got: 'the unknown key "windows"',
        hint: 'did you mean "window"?',
      },
      {
        path: 'models.flights.features.c',
        expected: 'numeric, categorical, or a section of type, window, effect',
        got: '5',
      },
    ],
  ],
  [
    'windows that are no whole number of panes',
    `${SMALLEST.replace('distance: numeric', 'distance: { type: numeric, window: 100m }')}`.replace(
      'numeric, window: 100m } }',
      'numeric, window: 100m } }, windows: { quality: 90m, data: 24h, labelDelay: 30m }',
    ),
    [
      {
        path: 'models.flights.windows.quality',
        expected: 'a multiple of the pane, stream.paneLength, which is 1h',
        got: '"90m"',
      },
      {
        path: 'models.flights.windows.labelDelay',
        expected: 'a multiple of the pane, stream.paneLength, which is 1h',
        got: '"30m"',
      },
      {
        path: 'models.flights.features.distance.window',
        expected: 'a multiple of the pane, stream.paneLength, which is 1h',
        got: '"100m"',
      },
    ],
  ],
  [
    'a longest window that is shorter than its base, or no whole number of panes',
    withModel('windows: { data: 24h, longest: 90m }'),
    [
      {
        path: 'models.flights.windows.longest',
        expected: 'a multiple of the pane, stream.paneLength, which is 1h',
        got: '"90m"',
      },
      {
        path: 'models.flights.windows.longest',
        expected: 'at least the data window, windows.data, which is 1d',
        got: '"90m"',
      },
    ],
  ],
  [
    'a transaction timeout below the session timeout',
    SMALLEST.replace('kafka: {', 'kafka: { transactionTimeout: 20s,'),
    [
      {
        path: 'kafka.transactionTimeout',
        expected: 'at least the session timeout, kafka.sessionTimeout, which is 30s',
        got: '"20s"',
      },
    ],
  ],
  [
    'a label delay past the label wait',
    withModel('windows: { labelDelay: 2d }'),
    [
      {
        path: 'models.flights.windows.labelDelay',
        expected: 'at most the label wait, stream.labelWait, which is 1d',
        got: '"2d"',
      },
    ],
  ],
  [
    'thresholds out of range, and warning above drift',
    withModel('detection: { psiWarning: 0.3, qualityRise: "2 %", classics: [chi] }'),
    [
      {
        path: 'models.flights.detection.qualityRise',
        expected: 'a number between 0 and 1',
        got: '"2 %"',
      },
      {
        path: 'models.flights.detection.classics[0]',
        expected: expect.stringMatching(/^one of psi, ks, .*, adwin, .*, rate-scan$/),
        got: '"chi"',
      },
      {
        path: 'models.flights.detection.psiWarning',
        expected: 'at most psiDrift, which is 0.1',
        got: '0.3',
      },
    ],
  ],
  [
    'expert modes with options that they do not have, and modes that a regression cannot feed',
    withModel(
      'detection: { classics: [ddm, { name: adwin, delta: 2, speed: 1 }, { name: kswin, statSize: 60 }, { name: rate-scan }] }',
      'regression',
    ),
    [
      {
        path: 'models.flights.detection.classics[1].delta',
        expected: 'a number between 0 and 1',
        got: '2',
      },
      {
        path: 'models.flights.detection.classics[1].speed',
        expected: 'one of name, delta, clock, maxBuckets, minWindowLength, gracePeriod',
        got: '1',
      },
      {
        path: 'models.flights.detection.classics[2]',
        expected: 'a kswin whose windowSize holds its statSize twice',
        got: expect.any(String),
      },
      ...(['[0]', '[3]'] as const).map((at) => ({
        path: `models.flights.detection.classics${at}`,
        expected: 'a mode that takes errors of any size: a regression is never right or wrong',
        got: at === '[0]' ? '"ddm"' : '"rate-scan"',
        hint: 'adwin, page-hinkley, hddm-a, hddm-w, kswin, shewhart, ewma and cusum do',
      })),
    ],
  ],
  [
    'effects that cannot be measured, or have no threshold',
    withModel('detection: { effect: emd, ksWarning: 0.3 }').replace(
      /features:.*$/m,
      'features: { distance: { type: numeric, effect: { measure: wasserstein, unit: feature } }, origin: { type: categorical, effect: ks }, delay: { type: numeric, effect: { measure: ks, unit: feature, warning: 0.2, drift: 0.1 } } }',
    ),
    [
      { path: 'models.flights.detection.effect', expected: 'one of psi, ks, wasserstein', got: '"emd"' },
      { path: 'models.flights.detection.ksWarning', expected: 'at most ksDrift, which is 0.12', got: '0.3' },
      {
        path: 'models.flights.features.distance.effect',
        expected: 'warning and drift in the unit of the feature',
        got: expect.any(String),
        hint: 'the thresholds of the model are in standard deviations',
      },
      {
        path: 'models.flights.features.origin.effect',
        expected: 'psi: categories have no order',
        got: '"ks"',
      },
      {
        path: 'models.flights.features.delay.effect.warning',
        expected: 'at most drift, which is 0.1',
        got: '0.2',
      },
      {
        path: 'models.flights.features.delay.effect.unit',
        expected: 'no unit: only a Wasserstein distance has one',
        got: '"feature"',
      },
    ],
  ],
  [
    'a budget whose shares make no whole, and no false retrains at all',
    withModel('budget: { falseRetrains: 0, shares: { score: 0.5 } }'),
    [
      { path: 'models.flights.budget.falseRetrains', expected: 'a number above 0', got: '0' },
      {
        path: 'models.flights.budget.shares',
        expected: 'outcomes, score and features to sum to 1',
        got: '1.2',
      },
    ],
  ],
  [
    'a growth that is none',
    withModel('triggers: { retryGrowth: 1 }'),
    [
      {
        path: 'models.flights.triggers.retryGrowth',
        expected: 'a number above 1 such as 2, or never',
        got: '1',
      },
    ],
  ],
  [
    'a cooldown in words, and misspelt',
    withModel('triggers: { cooldown: soon, cooldwon: 3d }'),
    [
      { path: 'models.flights.triggers.cooldown', expected: DURATION, got: '"soon"' },
      {
        path: 'models.flights.triggers.cooldwon',
        expected:
          'one of trigger, hysteresis, cooldown, cooldownAfterDeployment, retryGrowth, requestBudget, quietHours, minimumNewLabels, minimumSample, queueMax, priority, trainingWindow, trainingEvents, deadline, inFlightTimeout',
        got: 'the unknown key "cooldwon"',
        hint: 'did you mean "cooldown"?',
      },
    ],
  ],
  [
    'triggers that could never fire, or not be told apart',
    withModel(`triggers:
  hysteresis: { panes: 3, of: 2 }
  quietHours: [{ from: 22, to: "24:00", days: [sunday] }]
  trigger:
    kind: votes
    needed: 4
    of:
      - { weight: 3, trigger: { kind: metric, metric: auc, below: 0.7, worseBy: 0.1 } }
      - { weight: 1, trigger: { kind: confirmed, suspicion: { kind: drift }, proof: { kind: drift }, within: 7d } }
      - trigger: { kind: at-least, needed: 2, of: [{ kind: metric, name: never, metric: rmse, above: 2, within: 7d }] }
      - { weight: 0.5, trigger: { kind: age, name: manual, max: 30d } }
      - trigger: { kind: cost, metric: brier, source: estimated, costPerUnit: 1, retrainCost: 1, horizon: 7d }`),
    [
      {
        path: 'models.flights.triggers.trigger.of[3].weight',
        expected: 'a whole number of at least 1',
        got: '0.5',
      },
      {
        path: 'models.flights.triggers.quietHours[0].from',
        expected: 'a time of day such as "22:30"',
        got: '22',
      },
      {
        path: 'models.flights.triggers.quietHours[0].to',
        expected: 'a time of day such as "22:30"',
        got: '"24:00"',
      },
      {
        path: 'models.flights.triggers.quietHours[0].days[0]',
        expected: 'one of sun, mon, tue, wed, thu, fri, sat',
        got: '"sunday"',
      },
      {
        path: 'models.flights.triggers.trigger.of[1].trigger.proof.name',
        expected: 'a name no other trigger of the model has',
        got: '"drift"',
        hint: 'without a name a trigger is called by its kind',
      },
      {
        path: 'models.flights.triggers.trigger.of[3].trigger.name',
        expected: 'a name no other trigger of the model has',
        got: '"manual"',
        hint: 'what a person asks for has this name',
      },
      {
        path: 'models.flights.triggers.trigger.of[0].trigger',
        expected: 'one of below, above, worseBy',
        got: 'below and worseBy',
      },
      {
        path: 'models.flights.triggers.trigger.of[2].trigger.needed',
        expected: 'at most 1, which is all the members together',
        got: '2',
      },
      {
        path: 'models.flights.triggers.trigger.of[2].trigger.of[0].within',
        expected: 'worseBy beside it',
        got: 'above',
      },
      {
        path: 'models.flights.triggers.trigger.of[2].trigger.of[0].metric',
        expected: 'no metric of regression in a binary model',
        got: '"rmse"',
      },
      {
        path: 'models.flights.triggers.trigger.of[4].trigger.metric',
        expected: 'accuracy, if estimated',
        got: '"brier"',
      },
      {
        path: 'models.flights.triggers.hysteresis.panes',
        expected: 'at most hysteresis.of, which is 2',
        got: '3',
      },
    ],
  ],
  [
    'every way to get a nested trigger wrong',
    withModel(`triggers:
  trigger:
    kind: any
    of:
      - { kind: schedule, cron: every monday, timezone: Mars/Olympus }
      - { kind: schedule, name: never, cron: 0 0 30 2 * }
      - { kind: drift, diagnosis: [watch] }
      - { kind: performance, diagnoses: [fix-data] }
      - { kind: moon }
      - performance
      - { kind: all, name: every, of: [] }`),
    [
      {
        path: 'models.flights.triggers.trigger.of[0].cron',
        expected: 'a cron pattern that comes due, such as "0 3 * * 1"',
        got: '"every monday"',
      },
      {
        path: 'models.flights.triggers.trigger.of[0].timezone',
        expected: 'an IANA time zone such as Europe/Vienna',
        got: '"Mars/Olympus"',
      },
      {
        path: 'models.flights.triggers.trigger.of[1].cron',
        expected: 'a cron pattern that comes due, such as "0 3 * * 1"',
        got: '"0 0 30 2 *"',
      },
      {
        path: 'models.flights.triggers.trigger.of[2].diagnosis',
        expected: 'one of kind, name, diagnoses',
        got: 'the unknown key "diagnosis"',
        hint: 'did you mean "diagnoses"?',
      },
      {
        path: 'models.flights.triggers.trigger.of[3].diagnoses[0]',
        expected: 'one of retrain, watch, check-labels',
        got: '"fix-data"',
      },
      {
        path: 'models.flights.triggers.trigger.of[4].kind',
        expected: `one of ${KINDS}`,
        got: '"moon"',
      },
      {
        path: 'models.flights.triggers.trigger.of[5]',
        expected: `a section with a kind: ${KINDS}`,
        got: '"performance"',
      },
      {
        path: 'models.flights.triggers.trigger.of[6].of',
        expected: 'a list of triggers',
        got: '[]',
      },
    ],
  ],
  [
    'two triggers of one name',
    withModel(
      'triggers: { trigger: { kind: all, of: [{ kind: drift }, { kind: any, of: [{ kind: drift }, { kind: performance, name: all }] }] } }',
    ),
    [
      {
        path: 'models.flights.triggers.trigger.of[1].of[0].name',
        expected: 'a name no other trigger of the model has',
        got: '"drift"',
        hint: 'without a name a trigger is called by its kind',
      },
      {
        path: 'models.flights.triggers.trigger.of[1].of[1].name',
        expected: 'a name no other trigger of the model has',
        got: '"all"',
      },
    ],
  ],
  [
    'a holdout of everything, a metric of another task, a trainer without a program',
    withModel('retraining: { holdoutShare: 1, metric: rmse, trainer: { timeLimit: 1h } }'),
    [
      { path: 'models.flights.retraining.holdoutShare', expected: 'a number between 0 and 1', got: '1' },
      {
        path: 'models.flights.retraining.metric',
        expected: 'a metric of a binary model: logLoss, brier, auc, accuracy',
        got: '"rmse"',
      },
      {
        path: 'models.flights.retraining.trainer',
        expected: 'either command or webhook',
        got: '{"timeLimit":"1h"}',
      },
    ],
  ],
  [
    'a lost job that is forgotten, and handed over without end',
    withModel('retraining: { trainer: { command: [t], lost: forget, restartsMax: 1000 } }'),
    [
      { path: 'models.flights.retraining.trainer.lost', expected: 'one of fail, restart', got: '"forget"' },
      {
        path: 'models.flights.retraining.trainer.restartsMax',
        expected: 'a whole number from 1 to 10',
        got: '1000',
      },
    ],
  ],
  [
    'a command in one piece, an environment name with a dash',
    withModel('retraining: { trainer: { command: python train.py, environment: { A-B: 1, C: [] } } }'),
    [
      {
        path: 'models.flights.retraining.trainer.command',
        expected: 'a list: the program and its arguments',
        got: '"python train.py"',
      },
      {
        path: 'models.flights.retraining.trainer.environment.A-B',
        expected: 'the name of an environment variable',
        got: '"A-B"',
      },
      { path: 'models.flights.retraining.trainer.environment.C', expected: 'text', got: '[]' },
    ],
  ],
  [
    'a positive label where there is none',
    withModel('positiveLabel: late', 'regression'),
    [
      {
        path: 'models.flights.positiveLabel',
        expected: 'no positive label in a regression model',
        got: '"late"',
      },
    ],
  ],
  [
    'a log level and a prettiness that are none',
    `${SMALLEST}log: { level: verbose, pretty: yes }`,
    [
      {
        path: 'log.level',
        expected: 'one of trace, debug, info, warn, error, fatal, silent',
        got: '"verbose"',
      },
      { path: 'log.pretty', expected: 'true, false or auto', got: '"yes"' },
    ],
  ],
]

describe('a broken configuration', () => {
  it.each(BROKEN)('%s', (_what, text, faults) => {
    expect(faultsOf(text)).toEqual(faults)
  })

  it('is one error that lists every fault, one a line', () => {
    const load = () =>
      loadConfig({ path: '/etc/driftstream.yaml', env: {}, readFile: () => `${SMALLEST}grup: a\nlog: 5` })
    const error = catchError(load)
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.fate).toBe('refuse-start')
    expect(error.context).toEqual({ path: '/etc/driftstream.yaml', faults: 2 })
    expect(error.message).toBe(
      [
        '2 faults in /etc/driftstream.yaml',
        'log: expected a section of level, pretty, got 5',
        `grup: expected ${TOP_LEVEL}, got the unknown key "grup" (did you mean "group"?)`,
      ].join('\n'),
    )
  })

  it('that cannot be read is told apart, with the reason', () => {
    const readFile = () => {
      throw new Error('ENOENT: no such file or directory')
    }
    const error = catchError(() => loadConfig({ path: 'missing.yaml', env: {}, readFile }))
    expect(error.code).toBe('CONFIG_UNREADABLE')
    expect(error.message).toBe(
      'expected a configuration file at missing.yaml, got: ENOENT: no such file or directory',
    )
  })

  it('quotes a long value only as far as a line carries', () => {
    const [fault] = faultsOf(`${SMALLEST}group: "${'x'.repeat(500)}"`)
    expect(fault?.got).toHaveLength(80)
    expect(formatFaults([fault!])).toMatch(/^group: expected 1 to 100 of .*, got "x+…$/)
  })
})

describe('the smallest configuration', () => {
  const options = parseConfig(SMALLEST)

  it('has every default', () => {
    expect(options.kafka).toEqual({
      brokers: ['localhost:9092'],
      clientId: 'driftstream',
      connectTimeoutMs: 10_000,
      security: { tls: null, login: null },
      sessionTimeoutMs: 30_000,
      transactionTimeoutMs: 60_000,
      outageMaxMs: 600_000,
    })
    expect(options.topics).toEqual({
      names: {
        features: 'ml.features.v1',
        labels: 'ml.labels.v1',
        sketches: 'ml.drift.sketches.v1',
        references: 'ml.drift.references.v1',
        driftEvents: 'ml.drift.events.v1',
        retrainRequests: 'ml.drift.retrain-requests.v1',
        commands: 'ml.drift.commands.v1',
        deployments: 'ml.drift.deployments.v1',
        comparisons: 'ml.drift.comparisons.v1',
        deadLetters: 'ml.drift.dead-letters.v1',
        health: 'ml.drift.health.v1',
        snapshots: 'ml.drift.snapshots.v1',
      },
      partitions: 6,
      replicationFactor: 3,
    })
    expect(options.group).toBe('driftstream')
    expect(options.stream).toEqual({
      paneMs: 3_600_000,
      graceMs: 300_000,
      futureMaxMs: 3_600_000,
      pastMaxMs: 7 * 86_400_000,
      labelWaitMs: 86_400_000,
      repeatWaitMs: 86_400_000,
      waitingMax: 1_000_000,
      idleAfterMs: 60_000,
    })
    expect(options.join).toEqual({ diskBytesMax: 1024 ** 3, directory: null })
    expect(options.flush).toEqual({
      intervalMs: 1_000,
      eventsMax: 200_000,
      snapshotBytes: 64 * 1024 ** 2,
    })
    expect(options.deadLetters).toEqual({ headers: 'connect', shareMax: 0.5, pauseMs: 60_000 })
    expect(options.log).toEqual({ level: 'info', pretty: 'auto' })
    expect(options.models.get('flights')).toMatchObject({
      name: 'flights',
      version: '1',
      positiveLabel: '1',
      windows: {
        qualityMs: 3_600_000,
        dataMs: 86_400_000,
        performanceMs: 86_400_000,
        longestMs: 16 * 86_400_000,
        labelDelayMs: 86_400_000,
      },
      policy: { trigger: { kind: 'performance', name: 'performance', diagnoses: ['retrain'] } },
      retraining: { metric: 'logLoss' },
      trainer: null,
    })
  })

  it('takes a growth after refusals, two where none is named, or the word that keeps the cooldown whole', () => {
    const growth = (text: string) => parseConfig(withModel(text)).models.get('flights')!.policy.retryGrowth
    expect(growth('')).toBe(2)
    expect(growth('triggers: { retryGrowth: 1.5 }')).toBe(1.5)
    expect(growth('triggers: { retryGrowth: never }')).toBeNull()
  })

  it('fills the windows with whole panes when a day is none', () => {
    const { models } = parseConfig(`${SMALLEST}stream: { paneLength: 7h, labelWait: 1h }`)
    expect(models.get('flights')?.windows).toEqual({
      qualityMs: 7 * 3_600_000,
      dataMs: 28 * 3_600_000,
      performanceMs: 28 * 3_600_000,
      longestMs: 16 * 28 * 3_600_000,
      labelDelayMs: 7 * 3_600_000,
    })
  })

  it('may have empty sections', () => {
    expect(parseConfig(`${SMALLEST}stream:\nlog:\n`)).toEqual(options)
  })

  it('takes the default metric from the task', () => {
    const metric = (task: string) => parseConfig(withModel('', task)).models.get('flights')?.retraining.metric
    expect([metric('binary'), metric('multiclass'), metric('regression')]).toEqual([
      'logLoss',
      'accuracy',
      'rmse',
    ])
  })
})

it('a lost job is handed over again where it is asked for, and only then', () => {
  const restarts = (more: string) =>
    parseConfig(withModel(`retraining: { trainer: { command: [train]${more} } }`)).models.get('flights')!
      .trainer!.restartsMax
  expect(
    ['', ', restartsMax: 3', ', lost: restart', ', lost: restart, restartsMax: 3'].map(restarts),
  ).toEqual([0, 0, 1, 3])
})

describe('names chosen by users', () => {
  it('survive when JavaScript has other plans for them', () => {
    const text = `
kafka: { brokers: [a:1] }
models:
  __proto__: { version: 1, task: binary, features: { __proto__: numeric, constructor: categorical } }
  constructor:
    version: 1
    task: binary
    features: { toString: { type: numeric, window: 7d } }
    retraining: { trainer: { command: [train], environment: { __proto__: 1 } } }
`
    const { models } = parseConfig(text)
    expect([...models.keys()]).toEqual(['__proto__', 'constructor'])
    expect([...models.get('__proto__')!.features]).toEqual([
      ['__proto__', { type: 'numeric', windowMs: null }],
      ['constructor', { type: 'categorical', windowMs: null }],
    ])
    expect(models.get('constructor')!.features.get('toString')?.windowMs).toBe(7 * 86_400_000)
    const { trainer } = models.get('constructor')!
    if (trainer?.kind !== 'command') throw new Error('expected a command')
    expect(Object.entries(trainer.environment)).toEqual([['__proto__', '1']])
  })

  it('are checked like others, under their own path', () => {
    const text =
      'kafka: { brokers: [a:1] }\nmodels: { __proto__: { version: 1, task: b, features: { x: numeric } } }'
    expect(faultsOf(text)).toEqual([
      { path: 'models.__proto__.task', expected: 'one of binary, multiclass, regression', got: '"b"' },
    ])
  })
})

function catchError(action: () => unknown): DriftstreamError {
  try {
    action()
  } catch (error) {
    if (error instanceof DriftstreamError) return error
    throw error
  }
  throw new Error('expected a DriftstreamError, got none')
}

describe('the reference section', () => {
  it('lets every version learn unless told otherwise', () => {
    const model = (lines: string) => parseConfig(withModel(lines)).models.get('flights')!
    expect(model('').learning).toEqual({ cutAt: 10_000, countUntil: 50_000 })
    expect(model('reference: { cutAt: 2000, countUntil: 5000 }').learning).toEqual({
      cutAt: 2_000,
      countUntil: 5_000,
    })
    expect('learning' in model('reference: { learn: false }')).toBe(false)
  })

  it('refuses what could not be learned from', () => {
    expect(faultsOf(withModel('reference: { learn: maybe, cutAt: 10, countUntil: 999, cutsAt: 5 }'))).toEqual(
      [
        { path: 'models.flights.reference.learn', expected: 'true or false', got: '"maybe"' },
        {
          path: 'models.flights.reference.cutAt',
          expected: 'a whole number from 1000 to 100000',
          got: '10',
        },
        {
          path: 'models.flights.reference.countUntil',
          expected: 'a whole number of at least 1000',
          got: '999',
        },
        {
          path: 'models.flights.reference.cutsAt',
          expected: 'one of learn, cutAt, countUntil',
          got: 'the unknown key "cutsAt"',
          hint: 'did you mean "cutAt"?',
        },
      ],
    )
  })
})
