/** sysexits.h: the command was used wrongly. */
const EX_USAGE = 64

/**
 * One command of the benches, from its arguments to its exit code: 0 for `--help`, 64 for arguments that `read`
 * refuses, else what `main` comes to.
 */
export async function runCommand<Options>(
  usage: string,
  read: () => Options,
  main: (options: Options) => Promise<number>,
): Promise<void> {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(usage)
    return
  }
  let options: Options
  try {
    options = read()
  } catch (error) {
    say(usage)
    say((error as Error).message)
    process.exitCode = EX_USAGE
    return
  }
  process.exitCode = await main(options)
}

/** Beside the result, which alone goes to standard output. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** The number of an option. @throws Error, naming the option, where it is none or not a sane one */
export function numberFrom(name: string, text: string, isSane: (value: number) => boolean): number {
  const value = Number(text)
  if (!isSane(value)) throw new Error(`--${name} does not take "${text}"`)
  return value
}
