// The commands of `samsa`, each loaded when it is called: `start` must not wait for the others.
import { columns } from './arguments.ts'
import type { CommandContext } from './context.ts'
import { nearest } from '../config/nearest.ts'
import { StartFailure, usageFailure } from '../config/start-failure.ts'
import { nameAndVersion } from './version.ts'

interface Command {
  readonly name: string
  readonly summary: string
  /** Settles with the exit code. */
  readonly run: (context: CommandContext, words: readonly string[]) => Promise<number>
  readonly help: () => Promise<string>
}

const COMMANDS: readonly Command[] = [
  {
    name: 'start',
    summary: 'Starts a broker in this terminal',
    run: async (context, words) => {
      const [{ start }, { startBroker }] = await Promise.all([
        import('./start.ts'),
        import('../broker.ts'),
      ])
      return start(context, words, startBroker)
    },
    help: async () => helpText((await import('./start.ts')).startDeclaration),
  },
  {
    name: 'topics',
    summary: 'Lists, creates, describes and deletes topics',
    run: async (context, words) => (await import('./topics.ts')).topics(context, words),
    help: async () => helpText((await import('./topics.ts')).topicsDeclaration),
  },
  {
    name: 'produce',
    summary: 'Sends lines as records',
    run: async (context, words) => (await import('./produce.ts')).produce(context, words),
    help: async () => helpText((await import('./produce.ts')).produceDeclaration),
  },
  {
    name: 'consume',
    summary: 'Prints records as lines',
    run: async (context, words) => (await import('./consume.ts')).consume(context, words),
    help: async () => helpText((await import('./consume.ts')).consumeDeclaration),
  },
  {
    name: 'config',
    summary: 'Prints the effective configuration',
    run: async (context, words) => (await import('./config.ts')).config(context, words),
    help: async () => helpText((await import('./config.ts')).configDeclaration),
  },
  {
    name: 'protocol',
    summary: 'Prints the messages of the protocol',
    run: async (context, words) => (await import('./protocol.ts')).protocol(context, words),
    help: async () => helpText((await import('./protocol.ts')).protocolDeclaration),
  },
  {
    name: 'storage',
    summary: 'Prepares data directories as kafka-storage.sh does',
    run: async (context, words) => (await import('./storage.ts')).storage(context, words),
    help: async () => helpText((await import('./storage.ts')).storageDeclaration),
  },
]

async function helpText(
  declaration: Parameters<(typeof import('./arguments.ts'))['helpOf']>[0],
): Promise<string> {
  return (await import('./arguments.ts')).helpOf(declaration)
}

/** Runs one command line, without the program's own name. Settles with the exit code. */
export async function runCommand(
  context: CommandContext,
  words: readonly string[],
): Promise<number> {
  try {
    return await dispatch(context, words)
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error
    context.error(`samsa: ${error.sentence}\n`)
    return error.exitCode
  }
}

async function dispatch(context: CommandContext, words: readonly string[]): Promise<number> {
  const [name, ...rest] = words
  if (name === undefined || name === '--help' || name === '-h') return overview(context)
  if (name === 'help') return rest.length === 0 ? overview(context) : help(context, rest[0]!)
  if (name === '--version' || name === '-V') {
    context.out(`${nameAndVersion()}\n`)
    return 0
  }
  const command = commandNamed(name)
  if (rest.includes('--help') || rest.includes('-h')) return help(context, name)
  return command.run(context, rest)
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name)
  if (command) return command
  const near = nearest(
    name,
    COMMANDS.map((one) => one.name),
  )
  const hint = near === undefined ? 'see samsa --help.' : `did you mean ${near}?`
  throw usageFailure(`There is no command '${name}': ${hint}`)
}

async function help(context: CommandContext, name: string): Promise<number> {
  context.out(await commandNamed(name).help())
  return 0
}

function overview(context: CommandContext): number {
  const rows = COMMANDS.map(({ name, summary }) => [name, summary] as const)
  context.out(
    `${nameAndVersion()}, a Kafka-compatible broker\n\n` +
      `Usage: samsa COMMAND [OPTIONS]\n\nCommands:\n${columns(rows)}\n` +
      '`samsa COMMAND --help` explains a command, `samsa --version` prints the version.\n' +
      'Samsa is not affiliated with the Apache Software Foundation.\n',
  )
  return 0
}
