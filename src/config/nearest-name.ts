/** The known name a wrong one was probably meant to be, or null where none is near. Case does not count. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const wrong = name.toLowerCase()
  let nearest: string | null = null
  // A third of the letters wrong is a slip; more is another word, and so is a single letter exchanged.
  let nearestDistance = Math.min(Math.floor(Math.max(wrong.length, 3) / 3) + 1, wrong.length)
  for (const candidate of known) {
    const distance = editDistance(wrong, candidate.toLowerCase())
    if (distance < nearestDistance) {
      nearest = candidate
      nearestDistance = distance
    }
  }
  return nearest
}

/**
 * Letters inserted, deleted, replaced, or exchanged with their neighbour to get from `a` to `b`.
 * Source: optimal string alignment (Damerau 1964, Levenshtein 1966), O(|a| · |b|).
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      let distance = Math.min(replaced, last[column]! + 1, current[column - 1]! + 1)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        distance = Math.min(distance, beforeLast[column - 2]! + 1)
      }
      current.push(distance)
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}
