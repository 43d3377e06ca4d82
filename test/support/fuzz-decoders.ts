import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { broken, randomBytes } from './broken-bytes.ts'
import { createDraw, type Draw } from './draw.ts'
import type { FuzzSubject } from './fuzz-subject.ts'
import { FUZZ_SUBJECTS } from './fuzz-subjects.ts'
import { mutated } from './mutated-bytes.ts'

export interface DecoderFuzz {
  readonly runs: number
  readonly accepted: number
  readonly refused: number
  /** Ended otherwise than with a result or a DriftstreamError of a code that it may have. */
  readonly faults: number
  readonly slowestMs: number
  /** The first few faults, each with what it takes to see it again. */
  readonly shown: readonly string[]
}

const SHOWN_MAX = 5
const RANDOM_SHARE = 0.1

/** Throws broken and random bytes at every decoder of what comes from elsewhere. */
export async function fuzzDecoders(
  { runs, seed }: { readonly runs: number; readonly seed: number },
  subjects: readonly FuzzSubject[] = FUZZ_SUBJECTS,
): Promise<DecoderFuzz> {
  const draw = createDraw(seed)
  const hat = subjects.flatMap((subject) => Array<FuzzSubject>(subject.percent).fill(subject))
  const shown: string[] = []
  let [accepted, refused, faults, slowestMs] = [0, 0, 0, 0]
  for (let run = 0; run < runs; run++) {
    const subject = draw.of(hat)
    const bytes = draw.chance(RANDOM_SHARE) ? ofChance(draw, subject) : faulty(draw, subject)
    const started = performance.now()
    try {
      const result = subject.decode(bytes)
      // Only what is a promise is awaited: a turn of the loop for each would take longer than the decoders.
      if (result instanceof Promise) await result
      accepted++
    } catch (error) {
      if (error instanceof DriftstreamError && (subject.refusals?.includes(error.code) ?? true)) {
        refused++
      } else {
        faults++
        const what = `seed ${seed}, run ${run}, ${subject.name}: ${error}`
        if (shown.length < SHOWN_MAX) shown.push(`${what}\n  ${bytes.toString('base64')}`)
      }
    }
    slowestMs = Math.max(slowestMs, performance.now() - started)
  }
  return { runs, accepted, refused, faults, slowestMs, shown }
}

/** Half of them entirely, where the subject has chance of its own. */
function ofChance(draw: Draw, subject: FuzzSubject): Buffer {
  return subject.random === undefined || draw.chance(0.5) ? randomBytes(draw, 300) : subject.random(draw)
}

/** One in eight is sound. */
function faulty(draw: Draw, subject: FuzzSubject): Buffer {
  const sound = subject.sound(draw)
  const faults = draw.of([0, 1, 1, 1, 1, 2, 2, 5])
  return subject.isText ? mutated(draw, sound, faults) : broken(draw, sound, faults)
}
