import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEnd, writeOrder } from '../../../../src/retraining/trainers/job-files.ts'

const SUPERVISOR = fileURLToPath(
  new URL('../../../../src/retraining/trainers/supervisor.ts', import.meta.url),
)

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'driftstream-supervisor-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('the supervisor of a training', () => {
  it('goes on when the retrainer was killed before it could hear that the job is claimed', async () => {
    const command = [process.execPath, '-e', '']
    await writeOrder(directory, { command, directory, input: '', timeLimitMs: 10_000, killGraceMs: 100 })
    const child = spawn(process.execPath, [SUPERVISOR, directory], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    child.stderr.destroy()
    expect(await once(child, 'close')).toEqual([0, null])
    expect(await readEnd(directory)).toEqual({ reason: null, timedOut: false })
  })
})
