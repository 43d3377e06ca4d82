import { leastNanoseconds, type Side } from './measure.ts'

/** What the process of one figure prints: one line of JSON. */
export interface Measurement {
  readonly value: number
  /** Nanoseconds an operation, by side, where the figure is made of times. */
  readonly nanoseconds: Readonly<Record<string, number>>
}

const QUICK = '--quick'

/** The figure's own argument: which distribution, which operation. */
export function figureArgument<Choice extends string>(choices: readonly Choice[]): Choice {
  const [given] = process.argv.slice(2).filter((argument) => argument !== QUICK)
  const choice = choices.find((known) => known === given)
  if (choice === undefined) throw new Error(`expected one of ${choices.join(', ')}, got ${given}`)
  return choice
}

/** Prints how many times `dividend` costs what `divisor` costs: least time over least time. */
export function tellRatio(
  dividend: { readonly name: string; readonly side: Side },
  divisor: { readonly name: string; readonly side: Side },
  repeats: number,
): void {
  const [over = Number.NaN, under = Number.NaN] = leastNanoseconds(
    [dividend.side, divisor.side],
    repeatsOf(repeats),
  )
  tell({ value: over / under, nanoseconds: { [dividend.name]: over, [divisor.name]: under } })
}

/** Prints what one operation costs, in units of so many nanoseconds. */
export function tellCost(name: string, side: Side, repeats: number, unitNanoseconds: number): void {
  const [cost = Number.NaN] = leastNanoseconds([side], repeatsOf(repeats))
  tell({ value: cost / unitNanoseconds, nanoseconds: { [name]: cost } })
}

/** Prints how many operations a second one core does. */
export function tellRate(name: string, side: Side, repeats: number): void {
  const [cost = Number.NaN] = leastNanoseconds([side], repeatsOf(repeats))
  tell({ value: 1e9 / cost, nanoseconds: { [name]: cost } })
}

/** Prints the figure; the last thing its process does. */
export function tell(measurement: Measurement): void {
  process.stdout.write(`${JSON.stringify(measurement)}\n`)
}

/** A quick run takes a fifth of the repeats: enough to see that everything works, not to judge by. */
function repeatsOf(full: number): number {
  return process.argv.includes(QUICK) ? Math.ceil(full / 5) : full
}
