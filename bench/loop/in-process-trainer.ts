import { readFile } from 'node:fs/promises'
import { type TrainingRow, trainingRow } from '../../src/events/training-row.ts'
import type { Predict } from '../../src/replay/served-versions.ts'
import type { Trainer } from '../../src/retraining/trainers/trainer.ts'
import type { Learn, Learned } from './learn.ts'

/** Learns from rows that were spoilt on the way, and says how. */
export type Spoil = (rows: readonly TrainingRow[]) => {
  readonly kind: string
  readonly rows: readonly TrainingRow[]
}

/** What a training came to. */
export interface Trained {
  readonly artifact: string
  readonly kind: string
  readonly learned: Learned
}

/** The artifact of the version that serves first. */
export const FIRST_ARTIFACT = 'first'

/**
 * Trains in this process behind the interface that commands and webhooks stand behind, and predicts for the
 * serving side: the same files, without the processes.
 */
export class InProcessTrainer implements Trainer {
  readonly trained = new Map<string, Trained>()
  readonly #learn: Learn
  readonly #spoil: Spoil

  constructor(learn: Learn, first: Learned, spoil: Spoil = (rows) => ({ kind: 'honest', rows })) {
    this.#learn = learn
    this.#spoil = spoil
    this.trained.set(FIRST_ARTIFACT, { artifact: FIRST_ARTIFACT, kind: 'first', learned: first })
  }

  async submit() {
    return { backend: 'command', submittedAt: 0, handle: {} } as const
  }

  async probe() {
    return 'ended' as const
  }

  async cancel(): Promise<void> {}

  async poll(...[, { input }]: Parameters<Trainer['poll']>) {
    const { kind, rows } = this.#spoil(await readRows(input.trainPath))
    const learned = this.#learn(rows)
    const artifact = input.artifactDirectory
    this.trained.set(artifact, { artifact, kind, learned })
    const predictions = (await readRows(input.holdoutPath)).map((row) => said(row, learned))
    return {
      kind: 'trained',
      result: { artifact, notes: kind, trainedRows: rows.length },
      predictions,
    } as const
  }

  readonly predict: Predict = async (_model, artifact, rows) => {
    const { learned } = this.trained.get(artifact)!
    return rows.map((row) => said(row, learned))
  }
}

function said({ id, features }: TrainingRow, learned: Learned) {
  const score = learned(features)
  return { id, prediction: score >= 0.5 ? 1 : 0, score }
}

async function readRows(path: string): Promise<TrainingRow[]> {
  const text = await readFile(path, 'utf8')
  return text.split('\n').flatMap((line) => (line === '' ? [] : trainingRow.parse(JSON.parse(line))))
}
