/** What a piece of text means to the eye. Words say it too: colour is never the only sign. */
export type Tone = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Colours a text, or leaves it as it is: rendering functions are pure and get this as an argument. */
export type Paint = (tone: Tone, text: string) => string

export const noPaint: Paint = (_, text) => text

/** `2001-03-13 04:00`, in the stream's own clock. */
export function formatTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')
}

/** `1,412,000` */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** Three decimals; a dash where there is no number. */
export function formatMetric(value: number | null): string {
  return value === null || Number.isNaN(value) ? '-' : value.toFixed(3)
}
