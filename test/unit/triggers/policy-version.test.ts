import { expect, it } from 'vitest'
import { policyVersion } from '../../../src/triggers/policy-version.ts'
import { HOUR, MONTHLY, ON_PERFORMANCE, policy } from '../../support/trigger-inputs.ts'

it('the version of a policy is that of its options, not of their order', () => {
  const one = policy(ON_PERFORMANCE, { requestBudget: { requests: 2, perMs: HOUR } })
  const other = Object.fromEntries(Object.entries(one).reverse()) as unknown as typeof one
  expect(policyVersion({ ...other, requestBudget: { perMs: HOUR, requests: 2 } })).toBe(policyVersion(one))
  const versions = [one, policy(MONTHLY), policy(ON_PERFORMANCE), { ...one, queueMax: 1 }].map(policyVersion)
  expect(new Set(versions).size).toBe(4)
})
