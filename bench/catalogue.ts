/** One figure of the bench: what it says, what it must reach, and the script that measures it. */
export interface Figure {
  readonly id: string
  readonly measure: string
  readonly unit: string
  /** As in `report-line.ts`; null for what is printed to compare with. */
  readonly goal: string | null
  /** In `figures/`, with its argument. */
  readonly script: string
  readonly argument: string | null
}

const TIMES = 'times'

const againstPeers: readonly Figure[] = [
  figure('numeric-vs-tdigest', 'tdigest / numeric add, 50 features in turn', TIMES, '>= 40'),
]

const againstReading: readonly Figure[] = ['normal', 'lognormal', 'ties', 'pareto', 'offset'].map(
  (distribution) => ({
    ...figure(`numeric-vs-read-${distribution}`, `numeric add / reading, ${distribution}`, TIMES, '<= 3'),
    script: 'numeric-vs-read.ts',
    argument: distribution,
  }),
)

const floors: readonly Figure[] = [
  ['over-reading', 'bare guide loop / reading, normal'],
  ['under-add', 'numeric add / bare guide loop, normal'],
].map(([argument, measure]) => ({
  ...figure(`numeric-floor-${argument}`, measure!, TIMES, null),
  script: 'numeric-floor.ts',
  argument: argument!,
}))

const features: readonly Figure[] = [
  {
    ...figure('features-10-to-500', 'cost a value: 500 features / 10', TIMES, '<= 1.3'),
    argument: 'in-order',
  },
  {
    ...figure('features-10-to-500-parsed', 'the same, of parsed events', TIMES, null),
    script: 'features-10-to-500.ts',
    argument: 'parsed',
  },
]

const counting: readonly Figure[] = [
  figure('categorical-vs-map-get', 'categorical add / Map.get, 1,000 categories', TIMES, '<= 2.5'),
  ...features,
  figure('models-1-to-1000', 'cost a value: 1,000 models at random / 1', TIMES, '<= 2.5'),
  figure('memory-per-model-feature', 'live memory, windows up to 128 panes', 'KB', '<= 40'),
  {
    ...figure('memory-of-daily-windows', 'live memory, days of 24 panes up to 16', 'KB', null),
    script: 'memory-per-model-feature.ts',
    argument: 'days',
  },
]

const panes: readonly Figure[] = ['merge', 'encode', 'decode'].map((operation) => ({
  ...figure(`${operation}-pane`, `${operation} a pane of 50 features`, 'ms', '<= 0.2'),
  script: 'pane.ts',
  argument: operation,
}))

const judging: readonly Figure[] = [figure('evaluation', 'a look at 50 features in 8 windows', 'ms', '<= 5')]

const events: readonly Figure[] = [
  figure('json-to-counts', 'JSON bytes to counts / JSON.parse, 20 numeric', TIMES, '<= 0.9'),
  figure('avro-to-counts', 'framed Avro to counts / JSON.parse of the same, 20 numeric', TIMES, null),
  figure('json-to-counts-categorical', 'the same, 5 categorical and labels joined', TIMES, '<= 1.3'),
  figure('observer-step', 'decoded predictions with their labels', 'events/s', '>= 500000'),
  figure('join-memory', 'live memory, a million predictions waiting', 'MB', '<= 300'),
  figure('join-rate', 'labels joined while a million wait', 'joins/s', '>= 100000'),
  figure('join-spilled-memory', 'resident memory, 10 million waiting, 9 on disk', 'MB', '<= 600'),
  figure('join-spilled-rate', 'labels joined while those wait', 'joins/s', '>= 100000'),
]

const replaying: readonly Figure[] = [
  {
    ...figure('replay-rate', 'rows of 20 numeric features replayed, JSON lines', 'events/s', '>= 200000'),
    argument: 'json',
  },
  { ...figure('replay-rate-csv', 'the same from CSV', 'events/s', null), argument: 'csv' },
  { ...figure('replay-reading', 'reading / replaying, JSON lines', 'times', null), argument: 'json-read' },
  { ...figure('replay-reading-csv', 'the same from CSV', 'times', null), argument: 'csv-read' },
].map((each) => ({ ...each, script: 'replay-rate.ts' }))

const numericCosts: readonly Figure[] = ['driftstream', 'binary-search', 'ddsketch', 'tdigest'].map(
  (counter) => ({
    ...figure(`cost-numeric-${counter}`, `a value, 50 features in turn: ${counter}`, 'ns', null),
    script: 'numeric-cost.ts',
    argument: counter,
  }),
)

const jsonCosts: readonly Figure[] = ['driftstream', 'parse'].map((reader) => ({
  ...figure(
    `cost-json-${reader}`,
    `an event of 20 numeric: ${reader === 'parse' ? 'JSON.parse' : reader}`,
    'us',
    null,
  ),
  script: 'json-cost.ts',
  argument: reader,
}))

/** All figures, in the order in which they are measured and printed. */
export const FIGURES: readonly Figure[] = [
  ...againstPeers,
  ...againstReading,
  ...floors,
  ...counting,
  ...panes,
  ...judging,
  ...events,
  ...replaying,
  ...numericCosts,
  ...jsonCosts,
]

/**
 * The figures of a comma-separated list, in the catalogue's order; all without a list.
 * Throws on an id that is not in the catalogue.
 */
export function chooseFigures(only: string | undefined, figures = FIGURES): readonly Figure[] {
  if (only === undefined) return figures
  const wanted = only.split(',').map((id) => id.trim())
  const unknown = wanted.filter((id) => figures.every((known) => known.id !== id))
  if (unknown.length > 0) {
    const known = figures.map(({ id }) => id).join(', ')
    throw new Error(`--only: expected ids of ${known}; got ${unknown.map((id) => `"${id}"`).join(', ')}`)
  }
  return figures.filter(({ id }) => wanted.includes(id))
}

function figure(id: string, measure: string, unit: string, goal: string | null): Figure {
  return { id, measure, unit, goal, script: `${id}.ts`, argument: null }
}
