/**
 * The part of an error probability that the t-th look may spend so that all looks for ever spend `alpha`:
 * 6 alpha / (π² t²).
 * @param look 1 for the first
 */
export function lookAlpha(alpha: number, look: number): number {
  return (6 * alpha) / (Math.PI * look) ** 2
}
