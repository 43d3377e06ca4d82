/** Equal bins on [0, 1]: on these flights AUC from 512 of them is within 1e-5 of exact. */
const BINS = 512

/** Keeps a certain and wrong prediction from costing infinity. */
const SCORE_MIN = 1e-15

/** What is kept of scored, labelled predictions: enough for log-loss and AUC, and it adds up. */
export interface BinaryScores {
  events: number
  late: number
  logLossSum: number
  readonly lateBins: Uint32Array
  readonly punctualBins: Uint32Array
}

export function emptyScores(): BinaryScores {
  return {
    events: 0,
    late: 0,
    logLossSum: 0,
    lateBins: new Uint32Array(BINS),
    punctualBins: new Uint32Array(BINS),
  }
}

/** Counts one outcome; `score` is the probability of late, 0 to 1. */
export function recordScore(scores: BinaryScores, score: number, late: boolean): void {
  const bin = Math.min(Math.floor(score * BINS), BINS - 1)
  scores.events++
  scores.logLossSum -= Math.log(Math.max(late ? score : 1 - score, SCORE_MIN))
  if (late) {
    scores.late++
    scores.lateBins[bin]!++
  } else {
    scores.punctualBins[bin]!++
  }
}

export function mergeScores(a: BinaryScores, b: BinaryScores): BinaryScores {
  return {
    events: a.events + b.events,
    late: a.late + b.late,
    logLossSum: a.logLossSum + b.logLossSum,
    lateBins: a.lateBins.map((count, bin) => count + b.lateBins[bin]!),
    punctualBins: a.punctualBins.map((count, bin) => count + b.punctualBins[bin]!),
  }
}

/**
 * Probability that a late flight scored higher than a punctual one, ties counting half. NaN where flights
 * of one kind only were seen. Source: the Mann–Whitney form of AUC (Hanley, McNeil 1982).
 */
export function scoresAuc(scores: BinaryScores): number {
  let punctualBelow = 0
  let pairs = 0
  for (let bin = 0; bin < BINS; bin++) {
    const punctual = scores.punctualBins[bin]!
    pairs += scores.lateBins[bin]! * (punctualBelow + punctual / 2)
    punctualBelow += punctual
  }
  return pairs / (scores.late * punctualBelow)
}
