import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { weekStartMs } from '../../../../examples/flights/calendar.ts'
import { renderChart } from '../../../../examples/flights/chart.ts'
import { renderProgress, renderStoryLine } from '../../../../examples/flights/lines.ts'
import type { WeekScore } from '../../../../examples/flights/scoreboard.ts'
import type { DemoSummary, Incident } from '../../../../examples/flights/story.ts'
import { renderIncidents, renderSummary, renderVersions } from '../../../../examples/flights/tables.ts'
import { type Frame, openDisplay } from '../../../../examples/flights/terminal.ts'

const week = (
  number: number,
  logLoss: number,
  auc: number,
  old: readonly [number, number] | null = null,
): WeekScore => ({
  week: number,
  events: 100,
  lateShare: 0.2,
  logLoss,
  auc,
  oldModelLogLoss: old?.[0] ?? null,
  oldModelAuc: old?.[1] ?? null,
})

const caught: Incident = {
  name: 'broken-pipe',
  planted: true,
  startedAt: Date.UTC(2001, 2, 13),
  detectedAt: Date.UTC(2001, 2, 13, 3),
  resolvedAt: null,
  diagnosis: 'fix-data',
  action: 'none',
  expected: 'fix-data',
}
const missed: Incident = {
  ...caught,
  name: 'later-flights',
  planted: false,
  detectedAt: null,
  diagnosis: null,
}

const summary: DemoSummary = {
  seconds: 41.23,
  events: 2_541_612,
  eventsPerSecond: 61_644.7,
  incidents: [caught, missed],
  requests: 2,
  promotions: 1,
  rejections: 1,
  versions: [
    {
      version: '1',
      from: Date.UTC(2001, 0, 29),
      to: Date.UTC(2001, 3, 22, 23, 59),
      events: 1_385_167,
      logLoss: 0.5171,
      auc: 0.6308,
      oldModelLogLoss: null,
      oldModelAuc: null,
    },
  ],
}

const frame: Frame = {
  progress: { at: weekStartMs(6), events: 120_000, eventsPerSecond: 50_000, version: '1' },
  weeks: [week(5, 0.4, 0.64), week(6, 0.5, 0.62)],
  marks: [],
}

describe('the chart', () => {
  it('draws a metric between its least and its greatest week, both models on one scale', () => {
    const chart = renderChart(
      [week(5, 0.25, 0.5), week(6, 0.5, 0.625), week(8, 0.375, 0.75, [0.75, 0.25])],
      [
        { week: 6, kind: 'real' },
        { week: 8, kind: 'planted' },
        { week: 8, kind: 'promoted' },
      ],
      5,
      10,
    )
    expect(chart).toEqual([
      'log-loss    0.375  ▁▁▅▅  ▃▃      0.250 to 0.750',
      '  old model 0.750        ██    ',
      'AUC         0.750  ▅▅▇▇  ██      0.250 to 0.750',
      '  old model 0.250        ▁▁    ',
      'week               5         10',
      '                     R   PV',
      '                   R real change, P planted change, V new version',
    ])
  })

  it('stands empty before the first label, and level after one week', () => {
    expect(renderChart([], [], 5, 6)[0]).toBe('log-loss        -      ')
    expect(renderChart([week(5, 0.4, Number.NaN)], [], 5, 6).slice(0, 2)).toEqual([
      'log-loss    0.400  ▅▅    0.400 to 0.400',
      'AUC             -      ',
    ])
  })
})

describe('lines and tables', () => {
  it('mark what is planted, in words', () => {
    const line = {
      at: Date.UTC(2001, 2, 13, 3),
      kind: 'alarm',
      planted: true,
      text: 'origin is missing',
    } as const
    expect(renderStoryLine(line)).toBe('2001-03-13 03:00  alarm     [planted] origin is missing')
    expect(renderStoryLine({ ...line, at: null, planted: false })).toBe(
      '                  alarm     origin is missing',
    )
  })

  it('show how far the stream is', () => {
    const middle = (weekStartMs(5) + weekStartMs(27)) / 2
    expect(renderProgress({ ...frame.progress, at: middle })).toBe(
      '██████░░░░░░  2001-04-16 00:00  week 16  version 1  120,000 events  50,000/s',
    )
    expect(renderProgress({ ...frame.progress, at: 0 })).toContain('░'.repeat(12))
  })

  it('tell each incident and whether it was handled rightly', () => {
    expect(renderIncidents([caught, missed])).toEqual([
      'incident       kind     began             detected          after  diagnosis  action  verdict',
      'broken-pipe    planted  2001-03-13 00:00  2001-03-13 03:00    3 h  fix-data   none    ✓ right',
      'later-flights  real     2001-03-13 00:00  -                     -  -          none    ✗ missed',
    ])
  })

  it('keep their columns under colour', () => {
    const painted = renderIncidents([caught, missed], (_, text) => `\u001b[1m${text}\u001b[22m`)
    expect(painted.map(stripVTControlCharacters).map((line) => line.trimEnd())).toEqual(
      renderIncidents([caught, missed]),
    )
  })

  it('show a dash where a version replaced nobody', () => {
    expect(renderVersions(summary.versions)[1]).toBe(
      '1        2001-01-29 00:00  2001-04-22 23:59  1,385,167     0.517          -  0.631          -',
    )
  })

  it('end with the totals', () => {
    expect(renderSummary(summary).at(-1)).toBe(
      '2,541,612 events in 41.2 s (61,645 a second), 2 retrain requests: 1 promoted, 1 rejected',
    )
  })
})

describe('the display', () => {
  const streams = (isTTY: boolean) => ({
    stdout: Object.assign(new PassThrough(), { isTTY, columns: 100, rows: 40 }),
    stderr: new PassThrough(),
  })
  const written = (stream: PassThrough) => String(stream.read() ?? '')

  it('writes plain lines where there is no terminal, a week once it is over', () => {
    const { stdout, stderr } = streams(false)
    const display = openDisplay({ json: false, stdout, stderr })
    display.tell({ at: weekStartMs(5), kind: 'act', planted: false, text: 'version 1 serves' })
    display.show(weekStartMs(6) - 1, () => frame)
    expect(written(stdout)).toBe('2001-01-29 00:00  act       version 1 serves\n')
    display.show(weekStartMs(6), () => frame)
    display.show(weekStartMs(6) + 1, () => frame)
    expect(written(stdout)).toBe(
      '2001-02-05 00:00  week 5    log-loss 0.400, AUC 0.640, 20.0 % late, 120,000 events so far\n',
    )
    display.finish(summary, frame)
    const end = written(stdout)
    expect(end).toContain('week 6    log-loss 0.500')
    expect(end).toContain('2 retrain requests')
    expect(end).not.toContain('\u001b')
    expect(written(stderr)).toBe('')
  })

  it('with json keeps standard output for the summary alone', () => {
    const { stdout, stderr } = streams(true)
    const display = openDisplay({ json: true, stdout, stderr })
    display.tell({ at: null, kind: 'note', planted: false, text: 'a note' })
    display.finish(summary, frame)
    expect(JSON.parse(written(stdout))).toEqual(summary)
    expect(written(stderr)).toContain('a note')
  })

  it('redraws on a terminal, and keeps what was told', () => {
    const { stdout, stderr } = streams(true)
    const display = openDisplay({ json: false, stdout, stderr })
    display.show(weekStartMs(6), () => frame)
    let asked = 0
    display.show(weekStartMs(6), () => {
      asked++
      return frame
    })
    // The second frame came too soon to be drawn.
    expect(asked).toBe(0)
    display.tell({ at: null, kind: 'promoted', planted: true, text: 'version 2 serves' })
    const live = written(stdout)
    expect(stripVTControlCharacters(live)).toContain('promoted  [planted] version 2 serves')
    display.finish(summary, frame)
    const end = written(stdout)
    expect(stripVTControlCharacters(end)).toContain('✓ right')
  })

  it('leaves the last frame standing when the story breaks off', () => {
    const erase = '\u001b[2K'
    const { stdout, stderr } = streams(true)
    const display = openDisplay({ json: false, stdout, stderr })
    display.show(weekStartMs(6), () => frame)
    display.tell({ at: null, kind: 'note', planted: false, text: 'a note' })
    expect(written(stdout)).toContain(erase)
    display.close()
    display.tell({ at: null, kind: 'note', planted: false, text: 'another note' })
    expect(written(stdout)).not.toContain(erase)
  })
})
