import type { Random } from '../../../src/statistics/random.ts'
import type { Concept } from './row.ts'

/** Applicants for a loan. */
interface Applicant {
  readonly salary: number
  readonly commission: number
  readonly age: number
  readonly education: number
  readonly car: number
  readonly zipcode: number
  readonly houseValue: number
  readonly houseYears: number
  readonly loan: number
}

function within(value: number, low: number, high: number): boolean {
  return low <= value && value <= high
}

/** One of three by age: below 40, below 60, older. */
function byAge<T>(age: number, young: T, middle: T, old: T): T {
  return age < 40 ? young : age < 60 ? middle : old
}

/** What is left of an income, less 20 000: negative says no. */
function disposable({ salary, commission }: Applicant): number {
  return (2 * (salary + commission)) / 3 - 20_000
}

const RULES: readonly ((who: Applicant) => boolean)[] = [
  ({ age }) => age < 40 || age >= 60,
  ({ age, salary }) => {
    const low = byAge(age, 50_000, 75_000, 25_000)
    return within(salary, low, low + 50_000)
  },
  ({ age, education }) => {
    const least = byAge(age, 0, 1, 2)
    return within(education, least, byAge(age, 1, 3, 4))
  },
  ({ age, education, salary }) => {
    const isUsual = within(education, byAge(age, 0, 1, 2), byAge(age, 1, 3, 4))
    const low = byAge(age, isUsual ? 25_000 : 50_000, isUsual ? 50_000 : 75_000, isUsual ? 50_000 : 25_000)
    return within(salary, low, low + 50_000)
  },
  ({ age, salary, loan }) => {
    const low = byAge(age, 50_000, 75_000, 25_000)
    const isUsual = within(salary, low, low + 50_000)
    const [from, to] = byAge(
      age,
      isUsual ? [100_000, 300_000] : [200_000, 400_000],
      isUsual ? [200_000, 400_000] : [300_000, 500_000],
      isUsual ? [300_000, 500_000] : [75_000, 300_000],
    ) as [number, number]
    return within(loan, from, to)
  },
  ({ age, salary, commission }) => {
    const low = byAge(age, 50_000, 75_000, 25_000)
    return within(salary + commission, low, low + 50_000)
  },
  (who) => disposable(who) - who.loan / 5 <= 1,
  (who) => disposable(who) - 5000 * who.education <= 1,
  (who) => disposable(who) + 10_000 - 5000 * who.education - who.loan / 5 <= 1,
  (who) => {
    const equity = who.houseYears >= 20 ? (who.houseValue * (who.houseYears - 20)) / 10 : 0
    return disposable(who) + 10_000 - 5000 * who.education + equity / 5 <= 1
  },
]

/**
 * Loan applicants with nine features and one of ten rules. Rule 4 is the paper's, on the loan alone in its
 * second part, where River asks the salary; the other nine, and all features, are as River's.
 * Source: Agrawal, Imielinski and Swami, TKDE 5 (1993); River 0.26.1 `datasets.synth.Agrawal`.
 * @param rule from 0 to 9
 */
export function agrawal(rule: number): Concept {
  return (random) => {
    const who = drawApplicant(random)
    return { x: Float64Array.from(Object.values(who)), y: RULES[rule]!(who) ? 1 : 0 }
  }
}

function drawApplicant(random: Random): Applicant {
  const salary = 20_000 + 130_000 * random()
  const commission = salary >= 75_000 ? 0 : 10_000 + 75_000 * random()
  const zipcode = Math.floor(9 * random())
  return {
    salary,
    commission,
    age: 20 + Math.floor(61 * random()),
    education: Math.floor(5 * random()),
    car: 1 + Math.floor(20 * random()),
    zipcode,
    houseValue: (8 - zipcode) * 100_000 * (0.5 + random()),
    houseYears: 1 + Math.floor(30 * random()),
    loan: 500_000 * random(),
  }
}
