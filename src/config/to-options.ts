import type { FeatureEffect } from '../detectors/effect.ts'
import { GATE_DEFAULTS, type GateOptions } from '../retraining/options.ts'
import type { TrainerOptions } from '../retraining/trainers/create-trainer.ts'
import { toAlertSink } from './alert-schema.ts'
import { DAY_MS, WINDOW_DEFAULTS } from './defaults.ts'
import type { FileEntry } from './file-schema.ts'
import { METRICS_BY_TASK } from './metrics-by-task.ts'
import type { EffectEntry, ModelEntry } from './model-schema.ts'
import type { AppOptions, ConfiguredModel } from './options.ts'
import { toPredictor } from './predictor-schema.ts'
import { toRollout } from './rollout-schema.ts'
import { toSchemaRegistry } from './schema-registry-schema.ts'
import { secretOf, toSecurity } from './security-schema.ts'
import { toPolicy } from './to-policy.ts'

/** From the file's words to the options of the rooms; `entry` has passed the schema and the cross checks. */
export function toOptions(entry: FileEntry): AppOptions {
  const { partitions, replicationFactor, ...names } = entry.topics
  const { stream } = entry
  const schemaRegistry = toSchemaRegistry(entry.schemaRegistry)
  return {
    kafka: {
      brokers: entry.kafka.brokers,
      clientId: entry.kafka.clientId,
      connectTimeoutMs: entry.kafka.connectTimeout,
      security: toSecurity(entry.kafka.security),
      sessionTimeoutMs: entry.kafka.sessionTimeout,
      transactionTimeoutMs: entry.kafka.transactionTimeout,
      outageMaxMs: entry.kafka.outageMax,
    },
    topics: { names, partitions, replicationFactor },
    group: entry.group,
    stream: {
      paneMs: stream.paneLength,
      graceMs: stream.grace,
      futureMaxMs: stream.futureMax,
      pastMaxMs: stream.pastMax,
      labelWaitMs: stream.labelWait,
      // A repeat must not count twice because a process was restarted in between.
      repeatWaitMs: stream.repeatWait ?? stream.labelWait,
      waitingMax: stream.waitingMax,
      idleAfterMs: stream.idleAfter,
    },
    join: { diskBytesMax: entry.join.diskMax, directory: entry.join.directory ?? null },
    flush: {
      intervalMs: stream.flushInterval,
      eventsMax: stream.flushEvents,
      snapshotBytes: stream.snapshotAfter,
    },
    deadLetters: {
      headers: entry.deadLetters.headers,
      shareMax: entry.deadLetters.shareMax,
      pauseMs: entry.deadLetters.pause,
    },
    mapping: entry.mapping,
    models: new Map([...entry.models].map(([name, model]) => [name, toModel(name, model, stream)])),
    artifacts: entry.artifacts,
    log: entry.log,
    ...(entry.alerts == null || entry.alerts.length === 0 ? {} : { alerts: entry.alerts.map(toAlertSink) }),
    ...(schemaRegistry === null ? {} : { schemaRegistry }),
    ...(entry.metrics.port == null
      ? {}
      : { metrics: { host: entry.metrics.host, port: entry.metrics.port } }),
  }
}

function toModel(name: string, entry: ModelEntry, stream: FileEntry['stream']): ConfiguredModel {
  const { metric, trainer, gates, approval, rollout, predictor, ...retraining } = entry.retraining
  const { windows } = entry
  const { learn, ...learning } = entry.reference
  const { classics, ...detection } = entry.detection
  const positiveLabel = entry.positiveLabel ?? '1'
  const dayMs = wholePanes(DAY_MS, stream.paneLength)
  return {
    name,
    version: entry.version,
    task: entry.task,
    positiveLabel,
    features: new Map(
      [...entry.features].map(([feature, { type, window, effect }]) => [
        feature,
        { type, windowMs: window ?? null, ...(effect && { effect: toEffect(effect) }) },
      ]),
    ),
    windows: {
      qualityMs: windows.quality ?? stream.paneLength,
      dataMs: windows.data ?? dayMs,
      performanceMs: windows.performance ?? dayMs,
      longestMs: windows.longest ?? WINDOW_DEFAULTS.longestBases * (windows.data ?? dayMs),
      // Until the label wait is over a pane's labels may still come: a shorter delay is the user's promise.
      labelDelayMs: windows.labelDelay ?? wholePanes(stream.labelWait, stream.paneLength),
    },
    budget: {
      falseRetrains: entry.budget.falseRetrains,
      perMs: entry.budget.per,
      shares: entry.budget.shares,
    },
    detection,
    classics,
    policy: toPolicy(entry.triggers, retraining.holdoutShare),
    retraining: {
      ...retraining,
      metric: metric ?? METRICS_BY_TASK.get(entry.task)![0]!,
      gates: toGates(gates, windows.labelDelay ?? wholePanes(stream.labelWait, stream.paneLength)),
    },
    ...(learn ? { learning } : {}),
    trainer: trainer === undefined ? null : toTrainer(trainer),
    predictor:
      predictor == null
        ? null
        : toPredictor(predictor, {
            ...{ task: entry.task, features: entry.features, positiveLabel },
            directory: trainer?.workingDirectory ?? null,
          }),
    approval: {
      required: approval.required,
      timeoutMs: approval.timeout,
      onTimeout: approval.onTimeout,
      before: approval.before,
    },
    ...(rollout == null ? {} : { rollout: toRollout(rollout) }),
  }
}

function toEffect({ measure, warning, drift, unit }: EffectEntry): FeatureEffect {
  return {
    measure,
    ...(warning !== undefined && { warning }),
    ...(drift !== undefined && { drift }),
    ...(unit !== undefined && { unit }),
  }
}

/** Labels come `labelDelayMs` late, so the newest labelled event of a good range is at least as old. */
function toGates(entry: ModelEntry['retraining']['gates'], labelDelayMs: number): GateOptions {
  return {
    labelCoverageMin: entry.labelCoverage,
    unusableRiseMax: entry.unusableRise,
    soundShareMin: entry.soundShare,
    stalenessMaxMs: entry.staleness ?? labelDelayMs + GATE_DEFAULTS.stalenessMaxMs,
    calibrationErrorMax: entry.calibrationError,
    segmentMin: entry.segmentMin,
    segmentLossMax: entry.segmentLoss ?? null,
    oldRegimeLossMax: entry.oldRegimeLoss ?? null,
    oldRegimeRows: entry.oldRegimeRows,
  }
}

/** `entry` has one of command and webhook: the cross checks hold it to that. */
function toTrainer(entry: NonNullable<ModelEntry['retraining']['trainer']>): TrainerOptions {
  const { webhook, command, timeLimit: timeLimitMs } = entry
  const restartsMax = entry.lost === 'restart' ? entry.restartsMax : 0
  if (webhook != null) {
    const { url, secretFile, secretVariable, requestTimeLimit } = webhook
    const secret = secretOf(secretVariable, secretFile)
    return { kind: 'webhook', url, secret, requestTimeLimitMs: requestTimeLimit, timeLimitMs, restartsMax }
  }
  return {
    kind: 'command',
    command: command ?? [],
    timeLimitMs,
    restartsMax,
    workingDirectory: entry.workingDirectory ?? null,
    environment: Object.fromEntries(entry.environment ?? []),
  }
}

function wholePanes(ms: number, paneMs: number): number {
  return Math.ceil(ms / paneMs) * paneMs
}
