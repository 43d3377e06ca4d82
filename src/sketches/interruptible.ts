/**
 * Where work can be interrupted: before a `pane` the state is whole, what is known of one model is known of
 * all; behind a `part` (a row, a feature, a model) it is not, and nothing may be told of it.
 */
export type Stop = 'pane' | 'part'

/** Work that stops now and then, so that whoever does it can see to other things; it may be given up there. */
export type Interruptible<Result> = Generator<Stop, Result, undefined>

/** The result of work that nobody needs to interrupt. */
export function atOnce<Result>(work: Interruptible<Result>): Result {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
  }
}
