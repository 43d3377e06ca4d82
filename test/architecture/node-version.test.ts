import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

it('runs on the Node that package.json pins, whatever the host has', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { devDependencies } = JSON.parse(text) as { devDependencies: { node: string } }
  expect(process.version).toBe(`v${devDependencies.node}`)
})
