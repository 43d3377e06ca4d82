import type { SlackSinkOptions } from '../../config/alert-options.ts'
import type { AlertEvent, AlertSeverity } from '../../events/alert-event.ts'
import { readTrainerSecret } from '../../retraining/trainers/read-secret.ts'
import type { AlertSink } from './alert-sink.ts'
import { post } from './post.ts'

/** Longer messages are cut by the receiver, without saying so. */
const TEXT_LENGTH_MAX = 3_000

const SIGNS: Readonly<Record<AlertSeverity, string>> = {
  critical: ':red_circle:',
  warning: ':large_orange_circle:',
  info: ':white_circle:',
}

/** Alerts as messages of a Slack incoming webhook, which Mattermost and Rocket.Chat take as well. */
export function createSlackSink(options: SlackSinkOptions): AlertSink {
  return {
    async deliver(alert, suppressed, signal) {
      // Read at every use: who renews the address changes the file.
      const url = await readTrainerSecret(options.url)
      const body = JSON.stringify({ text: slackText(alert, suppressed) })
      await post(url ?? '', { headers: { 'content-type': 'application/json' }, body }, options, signal)
    },
  }
}

/** What moved, since when, how sure, what to do; in Slack's own markup, with what comes from elsewhere escaped. */
export function slackText(alert: AlertEvent, suppressed: number): string {
  const { title, what, since, sureness, advice, severity, requestId } = alert
  const lines = [
    `${SIGNS[severity]} *${escaped(title)}*`,
    escaped(what),
    ...(since === null ? [] : [`*Since* ${isoTime(since)}`]),
    ...(sureness === '' ? [] : [`*How sure* ${escaped(sureness)}`]),
    `*What to do* ${escaped(advice)}`,
    ...(requestId === null ? [] : [`Request ${escaped(requestId)}`]),
    ...(suppressed === 0 ? [] : [`${suppressed} alerts before this one were held back by the rate limit.`]),
  ]
  const text = lines.join('\n')
  return text.length <= TEXT_LENGTH_MAX ? text : `${text.slice(0, TEXT_LENGTH_MAX - 1)}…`
}

/** The three characters that Slack reads as markup of links and mentions. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function isoTime(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms`
}
