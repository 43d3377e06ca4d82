import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/kafka-global-setup.ts'],
    globals: false,
    // A retry would hide a race; a test without an assertion cannot fail.
    retry: 0,
    expect: { requireAssertions: true },
    // It ends what hangs; how long a test takes is the machine's affair, and it may have other work.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: the broker and a few worker processes already fill them.
    maxWorkers: 2,
  },
})
