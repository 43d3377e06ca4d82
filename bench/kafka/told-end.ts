import { constants } from 'node:os'

const ENDING: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGTERM']
/** By custom the exit code of who is ended by a signal is so much and its number. */
const SIGNALLED = 128

export interface ToldEnd {
  /** What is under way; told with an end that comes before `finished`. */
  enter(doing: string): void
  /** From here on an end is as it should be. */
  finished(): void
}

/**
 * Tells of every end that comes before the last word: a signal, `process.exit` of somebody, a wait for what
 * will never come. A run of minutes that ends without a word leaves nobody to ask. What no process can tell
 * of is SIGKILL.
 * @param beforeExit called once, with such an end, to hand out what there is
 */
export function tellEnd(say: (line: string) => void, beforeExit: () => void): ToldEnd {
  let during: string | null = 'the start'
  const tell = (how: string) => {
    if (during === null) return
    say(`ended by ${how} during ${during}`)
    during = null
    beforeExit()
  }
  for (const signal of ENDING) {
    process.once(signal, () => {
      tell(signal)
      process.exit(SIGNALLED + constants.signals[signal])
    })
  }
  process.once('exit', (code) => tell(`exit code ${code}`))
  return {
    enter: (doing) => {
      during = doing
    },
    finished: () => {
      during = null
    },
  }
}
