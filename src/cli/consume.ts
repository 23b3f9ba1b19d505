// `samsa consume TOPIC`: records as lines. From the beginning it ends at the end; otherwise, or
// with --follow, it goes on until it is stopped. No group is joined and nothing is committed.
import { Codecs } from '../../protocol/records/index.ts'
import { type ConsumedRecord, consume as read } from '../client/index.ts'
import { usageFailure } from '../config/start-failure.ts'
import { type Arguments, type CommandDeclaration, parseArguments } from './arguments.ts'
import { CONNECTION_OPTIONS, unknownTopic, withClient } from './connection.ts'
import type { CommandContext } from './context.ts'

export const consumeDeclaration = {
  name: 'consume',
  summary: 'Prints the records of a topic, one a line.',
  operands: ['TOPIC'],
  options: {
    ...CONNECTION_OPTIONS,
    'from-beginning': { type: 'boolean', doc: 'Starts with the oldest record, not with the next.' },
    follow: { type: 'boolean', short: 'f', doc: 'Goes on at the end, until Ctrl-C.' },
    json: { type: 'boolean', doc: 'Prints partition, offset, time, key and headers as JSON.' },
    'key-separator': {
      type: 'string',
      short: 'k',
      value: 'TEXT',
      doc: 'Prints the key and this before the value.',
    },
    partition: { type: 'string', value: 'N', doc: 'Reads this partition only.' },
    max: { type: 'string', short: 'n', value: 'N', doc: 'Ends after so many records.' },
  },
  examples: ['samsa consume greetings --from-beginning', 'samsa consume orders --follow --json'],
} as const satisfies CommandDeclaration

type Options = Arguments<typeof consumeDeclaration>['options']

export async function consume(context: CommandContext, words: readonly string[]): Promise<number> {
  const { options, operands } = parseArguments(consumeDeclaration, words)
  const topic = operands[0]!
  const follow = options.follow || !options['from-beginning']
  const partitions = numberOf('--partition', options.partition)
  let left = numberOf('--max', options.max) ?? Infinity
  const print = options.json ? jsonLine : textLine(options)
  const stopping = new AbortController()
  void context.stopSignal().then(() => stopping.abort())
  return withClient(context, options['bootstrap-server'], async (client) => {
    try {
      await client.topic(topic, follow)
      const batches = read(client, topic, {
        codecs: new Codecs(),
        from: options['from-beginning'] ? 'earliest' : 'latest',
        follow,
        signal: stopping.signal,
        ...(partitions === undefined ? {} : { partitions: [partitions] }),
      })
      for await (const records of batches) {
        const shown = records.slice(0, left)
        context.out(Buffer.concat(shown.map(print)))
        left -= shown.length
        if (left === 0 || stopping.signal.aborted) break
        await context.flushed()
      }
    } catch (error) {
      throw unknownTopic(error, topic)
    }
    return 0
  })
}

const NEWLINE = Buffer.from('\n')
const EMPTY = Buffer.alloc(0)

function textLine(options: Options): (record: ConsumedRecord) => Uint8Array {
  const separator = options['key-separator']
  const between = separator === undefined ? undefined : Buffer.from(separator)
  return ({ key, value }) => {
    const line = [value ?? EMPTY, NEWLINE]
    return Buffer.concat(between === undefined ? line : [key ?? EMPTY, between, ...line])
  }
}

function jsonLine(record: ConsumedRecord): Uint8Array {
  const { partition, offset, timestamp, key, value, headers } = record
  const shown = {
    partition,
    offset,
    timestamp,
    key: textOf(key),
    value: textOf(value),
    headers: headers.map((header) => [header.key, textOf(header.value)]),
  }
  return Buffer.from(`${JSON.stringify(shown)}\n`)
}

/** Text where the bytes are UTF-8, otherwise { base64 }. */
function textOf(bytes: Uint8Array | null): string | { base64: string } | null {
  if (bytes === null) return null
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const text = buffer.toString('utf8')
  return Buffer.from(text).equals(buffer) ? text : { base64: buffer.toString('base64') }
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw usageFailure(`${option} is '${text}': allowed is a whole number from 0.`)
}
