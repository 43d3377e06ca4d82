import { DriftstreamError } from '../errors/driftstream-error.ts'

/** Tells those who make ready for an assignment that it is over; to tell it twice is to tell it once. */
export class AssignmentEnd {
  readonly #controller = new AbortController()

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  tell(): void {
    this.#controller.abort(
      new DriftstreamError(
        'ASSIGNMENT_LOST',
        'expected to stay the owner of what was assigned, got a rebalance',
      ),
    )
  }
}
