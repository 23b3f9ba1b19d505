// `samsa config`: the effective configuration and where each value comes from, before anything is
// started with it.
import { brokerKey, brokerKeyNames } from '../config/keys/index.ts'
import type { BrokerConfig } from '../config/load.ts'
import { type CommandDeclaration, parseArguments } from './arguments.ts'
import { CONFIGURATION_OPTIONS, loadConfiguration } from './configuration.ts'
import type { CommandContext } from './context.ts'

export const configDeclaration = {
  name: 'config',
  summary: 'Prints the configuration that `samsa start` would run with, and where it comes from.',
  operands: ['[server.properties]'],
  options: {
    ...CONFIGURATION_OPTIONS,
    unused: { type: 'boolean', doc: 'Prints the keys that are accepted and not used.' },
    json: { type: 'boolean', doc: 'Prints every key as JSON.' },
  },
  examples: ['samsa config', 'samsa config config/server.properties --unused'],
} as const satisfies CommandDeclaration

interface Row {
  readonly name: string
  readonly value: string | null
  readonly source: string
  readonly used: boolean
  readonly documentation: string
}

export function config(context: CommandContext, words: readonly string[]): number {
  const { options, operands } = parseArguments(configDeclaration, words)
  const loaded = loadConfiguration(context, operands[0], options)
  for (const warning of loaded.warnings) context.error(`samsa: ${warning}\n`)
  const rows = brokerKeyNames().map((name) => rowOf(loaded, name))
  if (options.json) {
    const listed = options.unused ? rows.filter((row) => !row.used) : rows
    context.out(`${JSON.stringify(listed, null, 2)}\n`)
    return 0
  }
  for (const row of rows.filter((row) => row.used !== options.unused)) {
    const origin = row.source === 'default' ? '' : `  # ${row.source}`
    context.out(`${row.name}=${row.value ?? ''}${origin}\n`)
  }
  return 0
}

function rowOf(loaded: BrokerConfig, name: ReturnType<typeof brokerKeyNames>[number]): Row {
  const key = brokerKey(name)!
  const text = loaded.text(name)
  return {
    name,
    value: key.kind === 'password' && text !== null ? '(hidden)' : text,
    source: loaded.sourceOf(name),
    used: key.used,
    documentation: key.doc,
  }
}
