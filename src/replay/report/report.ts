import type { ReplayResult } from '../result.ts'
import { element, textElement } from './markup.ts'
import { modelSection } from './model-section.ts'
import { remarksOf } from './remarks.ts'
import { STYLE } from './style.ts'
import { table } from './tables.ts'
import { countText, timeText } from './wording.ts'

/**
 * A replay as one page of HTML that needs nothing else: no script, no font, no connection. Plots are SVG,
 * colours follow the reader's preference for light or dark, and it can be printed. The same result gives the
 * same bytes; names from outside are escaped wherever they stand.
 */
export function replayReport(result: ReplayResult): string {
  const models = [...new Set(result.policies.flatMap((policy) => policy.models.map(({ model }) => model)))]
  const policies = result.policies.map(({ name }) => name)
  const title = `Replay of ${models.join(', ')}`
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Nothing in here runs or loads; a browser is told so as well.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    textElement('title', {}, title),
    `<style>${STYLE}</style>`,
  ]
  const body = [
    textElement('h1', {}, title),
    textElement('p', { class: 'soft' }, covered(result)),
    textElement('p', {}, what(result, policies)),
    remarks(result),
    refusals(result),
    ...models.map((model) => modelSection(result, model)),
    textElement('footer', {}, 'Times are UTC. Made by driftstream replay.'),
  ]
  return `<!doctype html>\n${element('html', { lang: 'en' }, element('head', {}, ...head), element('body', {}, element('main', {}, ...body)))}\n`
}

function covered({ covered: { fromMs, toMs }, events }: ReplayResult): string {
  const { features, labels } = events
  return `${timeText(fromMs)} to ${timeText(toMs)} · ${countText(features)} predictions · ${countText(labels)} labels`
}

function what({ retrained }: ReplayResult, policies: readonly string[]): string {
  const named = policies.length === 1 ? `policy “${policies[0]}”` : `${policies.length} policies`
  return retrained
    ? `History was sent through the steps that watch a live stream once for each of ${named}. Requests were answered: candidates were trained on what had come by then, judged by the gates, and served after their promotion.`
    : `History was sent through the steps that watch a live stream, and ${named} decided at every pane. Nothing was trained: no champion changed, so an episode that a retrain would have ended goes on, and the number of requests is the most a policy would make.`
}

function remarks(result: ReplayResult): string {
  const told = remarksOf(result)
  if (told.length === 0) return ''
  return element('ul', {}, ...told.map((remark) => textElement('li', {}, remark)))
}

function refusals({ events }: ReplayResult): string {
  if (events.refused.length === 0) return ''
  const rows = events.refused.map(({ code, count, firstAt, firstMessage }) => [
    code,
    countText(count),
    firstAt,
    firstMessage,
  ])
  const columns = [
    { heading: 'refused', kind: 'text' },
    { heading: 'rows', kind: 'number' },
    { heading: 'first', kind: 'text' },
    { heading: 'why', kind: 'text' },
  ] as const
  return table(columns, rows)
}
