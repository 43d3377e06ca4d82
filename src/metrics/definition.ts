/** One metric: its name by Prometheus' conventions, what it says, and by what it is told apart. */
export interface MetricDefinition<Label extends string = string> {
  /** Counters end in `_total`; seconds, bytes and ratios are named, and are the only units. */
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  /** One sentence without its full stop. */
  readonly help: string
  readonly labels: readonly Label[]
  /** Upper bounds of a histogram, ascending, without the last, which is infinite. */
  readonly buckets?: readonly number[]
}

/** A value for every label of a metric, and for no other. */
export type LabelsOf<D extends MetricDefinition> = { readonly [label in D['labels'][number]]: string }

export function counter<const Label extends string>(
  name: `${string}_total`,
  help: string,
  labels: readonly Label[],
) {
  return { name, kind: 'counter', help, labels } as const satisfies MetricDefinition<Label>
}

export function gauge<const Label extends string>(name: string, help: string, labels: readonly Label[]) {
  return { name, kind: 'gauge', help, labels } as const satisfies MetricDefinition<Label>
}

export function histogram<const Label extends string>(
  name: string,
  help: string,
  labels: readonly Label[],
  buckets: readonly number[],
) {
  return { name, kind: 'histogram', help, labels, buckets } as const satisfies MetricDefinition<Label>
}
