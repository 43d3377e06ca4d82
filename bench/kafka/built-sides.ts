import { execFile } from 'node:child_process'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const REPOSITORY = join(import.meta.dirname, '..', '..')

/**
 * Builds the sides, with the sources they use, as the package is built, and returns the folder of the built
 * ones. What is installed has no types to strip: from the sources a process would start .4 s of CPU later.
 */
export async function buildSides(folder: string): Promise<string> {
  const compiler = join(REPOSITORY, 'node_modules', '.bin', 'tsc')
  await promisify(execFile)(compiler, [
    '-p',
    join(import.meta.dirname, 'tsconfig.sides.json'),
    '--outDir',
    folder,
  ])
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'))
  return join(folder, 'bench', 'kafka', 'sides')
}
