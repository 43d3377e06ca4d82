import type { AlertSinkOptions } from '../../config/alert-options.ts'
import { ALERT_SEVERITIES, type AlertEvent } from '../../events/alert-event.ts'

/** Does a sink want to hear of an alert? */
export function isWanted(alert: AlertEvent, sink: AlertSinkOptions): boolean {
  if (sink.models?.has(alert.model) === false || !sink.about.has(alert.about)) return false
  if (sink.diagnoses !== null && (alert.diagnosis === null || !sink.diagnoses.has(alert.diagnosis)))
    return false
  return ALERT_SEVERITIES.indexOf(alert.severity) >= ALERT_SEVERITIES.indexOf(sink.severity)
}
