// `samsa protocol`: the messages this program knows, as a table or as JSON in the vocabulary of
// Kafka's own message files.
import { protocolTables } from '../../protocol/tables.ts'
import { type CommandDeclaration, columns, parseArguments } from './arguments.ts'
import type { CommandContext } from './context.ts'

export const protocolDeclaration = {
  name: 'protocol',
  summary: 'Prints the messages of the Kafka protocol that this program knows.',
  operands: [],
  options: {
    json: { type: 'boolean', doc: 'Prints every message with all its fields.' },
  },
  examples: ['samsa protocol', 'samsa protocol --json'],
} as const satisfies CommandDeclaration

export function protocol(context: CommandContext, words: readonly string[]): number {
  const { options } = parseArguments(protocolDeclaration, words)
  const tables = protocolTables()
  if (options.json) {
    context.out(`[\n${tables.map((table) => JSON.stringify(table)).join(',\n')}\n]\n`)
    return 0
  }
  const rows = tables
    .filter((table) => table.kind === 'request')
    .map(({ apiKey, name, validVersions }) => {
      const title = `${String(apiKey).padStart(2)}  ${name.replace(/Request$/, '')}`
      return [title, `versions ${validVersions}`] as const
    })
  context.out(columns(rows))
  return 0
}
