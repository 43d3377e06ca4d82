export {
  type ControlTopic,
  commandRecord,
  deploymentRecord,
  driftRecord,
  referenceRecord,
  retrainRequestRecord,
  type Stamp,
} from './control-events.ts'
export { deadLetter } from './dead-letter.ts'
export { featureRecord, labelRecord } from './source-events.ts'
