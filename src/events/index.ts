export { type AlertEvent, alertEvent, alertEventType } from './alert-event.ts'
export { type CloudEventType, decodeCloudEvent, encodeCloudEvent } from './cloud-event.ts'
export { type CommandEvent, commandEvent, commandEventType } from './command-event.ts'
export { type ComparisonEvent, comparisonEvent, comparisonEventType } from './comparison-event.ts'
export { type DeploymentEvent, deploymentEvent, deploymentEventType } from './deployment-event.ts'
export { type DriftEvent, driftEvent, driftEventType } from './drift-event.ts'
export { type FeatureEvent, featureEvent } from './feature-event.ts'
export { type Finding, finding } from './finding.ts'
export { type Headers, headerText } from './headers.ts'
export { type LabelEvent, labelEvent } from './label-event.ts'
export { type ReferenceEvent, referenceEvent, referenceEventType } from './reference-event.ts'
export { type RetrainRequest, retrainRequest, retrainRequestType } from './retrain-request.ts'
export { type StreamHealthEvent, streamHealthEvent, streamHealthEventType } from './stream-health-event.ts'
export {
  type HoldoutPrediction,
  type TrainerInput,
  type TrainerResult,
  type TrainingRow,
  trainerInput,
  trainerResult,
  trainingRow,
} from './training-row.ts'
export {
  type TriggerStatusEvent,
  triggerStatusEvent,
  triggerStatusEventType,
} from './trigger-status-event.ts'
