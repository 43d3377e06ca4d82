import type { GateResult } from '../events/deployment-event.ts'

/** A gate's result from what is known of it: numbers left out are null, and what is not said to have passed is shut. */
export function gateOf(
  gate: string,
  n: number,
  parts: Partial<Omit<GateResult, 'gate' | 'n'>> & Pick<GateResult, 'message'>,
): GateResult {
  return { gate, n, passed: false, value: null, lower: null, upper: null, threshold: null, ...parts }
}

/** A number that is told and held against nothing: nobody said what would be too much. */
export function reportedGate(
  gate: string,
  n: number,
  message: string,
  value: number | null = null,
): GateResult {
  return gateOf(gate, n, { passed: true, value, message })
}
