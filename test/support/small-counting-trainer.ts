/**
 * The trainer of the small world, but it notes each start in the file `STARTS` names, and trains when the file
 * that `GO` names is there.
 */
import { appendFileSync, existsSync } from 'node:fs'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'

appendFileSync(String(process.env.STARTS), `${process.pid}\n`)
while (!existsSync(String(process.env.GO))) await delay(10)
await import('./small-trainer.ts')
