import type { QuietHours } from './policy.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Whether a time lies in quiet hours, by the wall clock of their zone: a change of clocks moves them with it. */
export function isQuiet({ fromMinute, toMinute, timezone, days }: QuietHours, at: number): boolean {
  const { day, minute } = wallClock(at, timezone)
  const yesterday = (day + 6) % 7
  const begunToday = days.includes(day) && minute >= fromMinute
  if (fromMinute < toMinute) return begunToday && minute < toMinute
  // They pass midnight: what begins late today, and what began yesterday and is not over.
  return begunToday || (days.includes(yesterday) && minute < toMinute)
}

function wallClock(at: number, timezone: string): { readonly day: number; readonly minute: number } {
  // The locale is named, and so is the zone: nothing here is the host's.
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const minute = 60 * Number(parts.get('hour')) + Number(parts.get('minute'))
  return { day: DAYS.indexOf(parts.get('weekday') ?? ''), minute }
}
