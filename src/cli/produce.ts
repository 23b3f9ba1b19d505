// `samsa produce TOPIC`: each line of standard input becomes a record. A part of the input is sent
// as soon as it is there, so a person typing sees each line arrive; the next part is read when the
// brokers have it, so a large file needs no memory.
import { Codecs, COMPRESSION_TYPES, type CompressionType } from '../../protocol/records/index.ts'
import { type Client, type OutgoingRecord, produce as send } from '../client/index.ts'
import { usageFailure } from '../config/start-failure.ts'
import { type Arguments, type CommandDeclaration, parseArguments } from './arguments.ts'
import { CONNECTION_OPTIONS, withClient } from './connection.ts'
import type { CommandContext } from './context.ts'
import { Lines } from './lines.ts'

export const produceDeclaration = {
  name: 'produce',
  summary: 'Sends each line of standard input as a record.',
  operands: ['TOPIC'],
  options: {
    ...CONNECTION_OPTIONS,
    'key-separator': {
      type: 'string',
      short: 'k',
      value: 'TEXT',
      doc: 'What stands before it in a line is the key; a line without it has none.',
    },
    partition: { type: 'string', value: 'N', doc: 'Sends everything to this partition.' },
    compression: { type: 'string', value: 'CODEC', doc: 'none, gzip, snappy, lz4 or zstd.' },
    acks: { type: 'string', value: 'N', doc: 'all (default), 1 or 0.' },
  },
  examples: ['echo hello | samsa produce greetings', 'samsa produce orders -k : < orders.txt'],
} as const satisfies CommandDeclaration

type Options = Arguments<typeof produceDeclaration>['options']

export async function produce(context: CommandContext, words: readonly string[]): Promise<number> {
  const { options, operands } = parseArguments(produceDeclaration, words)
  const topic = operands[0]!
  const toRecord = recordMaker(options)
  const sending = {
    acks: acksOf(options.acks),
    compression: compressionOf(options.compression),
    codecs: new Codecs(),
  }
  return withClient(context, options['bootstrap-server'], async (client: Client) => {
    const lines = new Lines()
    let count = 0
    async function sendAll(texts: readonly Uint8Array[]): Promise<void> {
      if (texts.length === 0) return
      await send(client, topic, texts.map(toRecord), sending)
      count += texts.length
    }
    for await (const chunk of context.input()) await sendAll(lines.take(chunk))
    await sendAll(lines.end())
    context.error(`${count} ${count === 1 ? 'record' : 'records'} sent to ${topic}\n`)
    return 0
  })
}

function recordMaker(options: Options): (line: Uint8Array) => OutgoingRecord {
  const separator = Buffer.from(options['key-separator'] ?? '')
  const place = options.partition === undefined ? {} : { partition: partitionOf(options.partition) }
  return (line) => {
    const at =
      separator.length === 0
        ? -1
        : Buffer.from(line.buffer, line.byteOffset, line.length).indexOf(separator)
    if (at < 0) return { key: null, value: line, ...place }
    return { key: line.subarray(0, at), value: line.subarray(at + separator.length), ...place }
  }
}

function partitionOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw usageFailure(`--partition is '${text}': allowed is a whole number from 0.`)
}

function acksOf(text: string | undefined): -1 | 0 | 1 {
  if (text === undefined || text === 'all' || text === '-1') return -1
  if (text === '0' || text === '1') return text === '0' ? 0 : 1
  throw usageFailure(`--acks is '${text}': allowed is all, 1 or 0.`)
}

function compressionOf(text: string | undefined): CompressionType {
  const known: readonly string[] = COMPRESSION_TYPES
  if (text === undefined) return 'none'
  if (known.includes(text)) return text as CompressionType
  throw usageFailure(`--compression is '${text}': allowed is ${known.join(', ')}.`)
}
