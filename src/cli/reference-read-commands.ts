import type { Command } from 'commander'
import type { AppOptions } from '../config/options.ts'
import { compareReferences } from './reference-difference.ts'
import {
  findReference,
  type PublishedReferences,
  readPublishedReferences,
  readReferenceFile,
} from './reference-source.ts'
import { summarizeReference } from './reference-summary.ts'
import { describeDifferences, describeList, describeReference } from './reference-text.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'

interface ReadFlags {
  readonly config: string
  readonly json?: boolean
  readonly file?: readonly string[]
}

/** Commands that look at references and change nothing. */
export function addReferenceReadCommands(parent: Command): void {
  const show = parent
    .command('show [model] [version]')
    .description(
      'The newest reference of a model, or of one of its versions, in figures: features, outcomes, fitness.',
    )
    .option('--file <file>', 'read it from a file of `reference build --output`', collect)
  show.action(async (model: string | undefined, version: string | undefined, flags: ReadFlags) => {
    const [path] = flags.file ?? []
    if (path === undefined && model === undefined) show.error('error: expected a model, or --file')
    const reference =
      path === undefined
        ? findReference((await readTopic(flags)).references, model!, version)
        : await readReferenceFile(path)
    const summary = summarizeReference(reference)
    print(flags.json === true ? json(summary) : describeReference(summary))
  })

  const diff = parent
    .command('diff [model] [before] [after]')
    .description(
      'What differs between the references of two versions, feature by feature, the largest first.',
    )
    .option('--file <file>', 'compare two files instead: give it twice', collect)
  diff.action(
    async (
      model: string | undefined,
      before: string | undefined,
      after: string | undefined,
      flags: ReadFlags,
    ) => {
      const paths = flags.file ?? []
      const named = model !== undefined && before !== undefined && after !== undefined
      if (paths.length !== 2 && !(named && paths.length === 0)) {
        diff.error('error: expected a model and two versions, or --file twice')
      }
      const [one, two] = named ? await twoOf(flags, model, before, after) : await bothOf(paths)
      const differences = compareReferences(one!, two!)
      print(flags.json === true ? json(differences) : describeDifferences(differences))
    },
  )

  const list = parent.command('list').description('Every reference on the references topic.')
  list.action(async (flags: ReadFlags) => {
    const { references, serving } = await readTopic(flags)
    const rows = references.map((reference) => ({
      ...summarizeReference(reference),
      features: reference.features.size,
      serving: serving.get(reference.model) === reference.version,
    }))
    print(flags.json === true ? json(rows) : describeList(references, serving))
  })

  for (const command of [show, diff, list]) {
    command.option('--json', 'as JSON').option('-c, --config <file>', 'configuration', CONFIG_PATH)
  }
}

async function twoOf(flags: ReadFlags, model: string, before: string, after: string) {
  const { references } = await readTopic(flags)
  return [findReference(references, model, before), findReference(references, model, after)]
}

function bothOf(paths: readonly string[]) {
  return Promise.all(paths.map(readReferenceFile))
}

async function readTopic({ config }: ReadFlags): Promise<PublishedReferences> {
  const options: AppOptions = readOptions(config)
  const log = await openLog(options, createLogger(options.log))
  try {
    return await readPublishedReferences(log, options)
  } finally {
    await log.close()
  }
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function print(text: string): void {
  process.stdout.write(text)
}
