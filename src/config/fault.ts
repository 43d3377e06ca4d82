/** One thing wrong with a configuration: where, what was expected, what stood there. */
export interface Fault {
  /** `models.flights.triggers.cooldown`, or `line 3, column 5` where the YAML itself is broken. */
  readonly path: string
  readonly expected: string
  readonly got: string
  readonly hint?: string
}

/** One line a fault, in the order given. */
export function formatFaults(faults: readonly Fault[]): string {
  return faults
    .map(({ path, expected, got, hint }) => {
      const line = `${path}: expected ${expected}, got ${got}`
      return hint === undefined ? line : `${line} (${hint})`
    })
    .join('\n')
}

const QUOTE_CHARACTERS_MAX = 80

/** A value as a fault quotes it: JSON where it has one, cut at 80 characters; `nothing` where it is absent. */
export function quoteValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return text.length <= QUOTE_CHARACTERS_MAX ? text : `${text.slice(0, QUOTE_CHARACTERS_MAX - 1)}…`
}

/** `['models', 'fraud.eu', 'of', 0]` → `models["fraud.eu"].of[0]`: a name with dots stays one name. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!/^[^\s.[\]"]+$/.test(String(step))) text += `[${JSON.stringify(String(step))}]`
    else text += text === '' ? String(step) : `.${String(step)}`
  }
  return text === '' ? 'the configuration' : text
}
