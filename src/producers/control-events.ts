import { type CloudEventType, encodeCloudEvent } from '../events/cloud-event.ts'
import { type CommandEvent, commandEventType } from '../events/command-event.ts'
import { type ComparisonEvent, comparisonEventType } from '../events/comparison-event.ts'
import { type DeploymentEvent, deploymentEventType } from '../events/deployment-event.ts'
import { type DriftEvent, driftEventType } from '../events/drift-event.ts'
import { type ReferenceEvent, referenceEventType } from '../events/reference-event.ts'
import { type RetrainRequest, retrainRequestType } from '../events/retrain-request.ts'
import { type StreamHealthEvent, streamHealthEventType } from '../events/stream-health-event.ts'
import { type TriggerStatusEvent, triggerStatusEventType } from '../events/trigger-status-event.ts'
import { partitionOf } from '../log/partition-of.ts'
import type { OutgoingRecord } from '../log/port.ts'

/** Where a control event goes: keyed by model, so one model's events stay in order on every topic. */
export interface ControlTopic {
  readonly topic: string
  readonly partitions: number
}

/** What stamps a control event: `ce_source`, and log time in epoch ms. */
export interface Stamp {
  readonly source: string
  readonly now: number
}

export function driftRecord(event: DriftEvent, to: ControlTopic, stamp: Stamp): OutgoingRecord {
  return controlRecord(driftEventType, event, event.at, to, stamp)
}

/** Its trace context is a header as well, by CloudEvents' extension for distributed tracing. */
export function retrainRequestRecord(event: RetrainRequest, to: ControlTopic, stamp: Stamp): OutgoingRecord {
  const record = controlRecord(retrainRequestType, event, event.at, to, stamp)
  if (event.traceparent === null) return record
  return { ...record, headers: { ...record.headers, ce_traceparent: event.traceparent } }
}

export function deploymentRecord(event: DeploymentEvent, to: ControlTopic, stamp: Stamp): OutgoingRecord {
  return controlRecord(deploymentEventType, event, event.at, to, stamp)
}

export function comparisonRecord(event: ComparisonEvent, to: ControlTopic, stamp: Stamp): OutgoingRecord {
  return controlRecord(comparisonEventType, event, event.at, to, stamp)
}

export function commandRecord(event: CommandEvent, to: ControlTopic, stamp: Stamp): OutgoingRecord {
  return controlRecord(commandEventType, event, event.at, to, stamp)
}

export function referenceRecord(event: ReferenceEvent, to: ControlTopic, stamp: Stamp): OutgoingRecord {
  return controlRecord(referenceEventType, event, event.createdAt, to, stamp)
}

/** The subject of events that are about no model. */
const STREAM = 'stream'

export function healthRecord(event: StreamHealthEvent, topic: string, stamp: Stamp): OutgoingRecord {
  const identity = { id: event.id, source: stamp.source, subject: STREAM, at: event.at }
  const { value, headers } = encodeCloudEvent(streamHealthEventType, identity, event)
  return { topic, partition: 0, key: Buffer.from(STREAM), value, headers, timestamp: stamp.now }
}

export function triggerStatusRecord(
  event: TriggerStatusEvent,
  { topic, partitions }: ControlTopic,
  stamp: Stamp,
): OutgoingRecord {
  const subject = `task-${event.task}`
  const identity = { id: event.id, source: stamp.source, subject, at: event.at }
  const { value, headers } = encodeCloudEvent(triggerStatusEventType, identity, event)
  const partition = event.task % partitions
  return { topic, partition, key: Buffer.from(subject), value, headers, timestamp: stamp.now }
}

function controlRecord<T extends { readonly id: string; readonly model: string }>(
  type: CloudEventType<T>,
  event: T,
  at: number,
  to: ControlTopic,
  stamp: Stamp,
): OutgoingRecord {
  const identity = { id: event.id, source: stamp.source, subject: event.model, at }
  const { value, headers } = encodeCloudEvent(type, identity, event)
  return {
    topic: to.topic,
    partition: partitionOf(event.model, to.partitions),
    key: Buffer.from(event.model),
    value,
    headers,
    timestamp: stamp.now,
  }
}
