// Every message at every version against bytes that Apache Kafka's own classes wrote (test/golden):
// decoded to the same value and encoded to the same bytes, by the compiled and the interpreted codec.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import * as protocol from '../../protocol/index.ts'
import { compileReader, compileWriter } from '../../protocol/schema/compile.ts'
import { interpretReader, interpretWriter } from '../../protocol/schema/interpret.ts'
import type { Message } from '../../protocol/schema/message.ts'

const DIRECTORY = path.resolve('test', 'golden', 'messages')

interface Vector {
  readonly message: string
  readonly version: number
  readonly case: string
  readonly bytes: string
  readonly value: unknown
}

/** Stated by us, absent from the jars of 4.4: early access of 4.0, and not released yet. */
const NOT_IN_THE_JARS = new Set([
  'ShareGroupPartitionMetadataKey',
  'ShareGroupPartitionMetadataValue',
  'StreamsGroupTargetAssignmentResolvedTopicIdsKey',
  'StreamsGroupTargetAssignmentResolvedTopicIdsValue',
])

/** Members that only versions below the accepted ones carry: the classes keep them, we do not. */
const IN_NO_VERSION = new Set(['partitionMaxBytes of ShareFetchRequest'])

const messages = await allMessages()
const vectors = new Map<string, Vector[]>()
for (const file of readdirSync(DIRECTORY)) {
  const lines = readFileSync(path.join(DIRECTORY, file), 'utf8').trimEnd().split('\n')
  vectors.set(
    file.replace(/\.jsonl$/, ''),
    lines.map((line) => JSON.parse(line) as Vector),
  )
}

test('every message that Apache Kafka has is stated, and every version of ours has vectors', () => {
  expect([...vectors.keys()].filter((name) => !messages.has(name))).toEqual([])
  const uncovered: string[] = []
  for (const [name, { versions }] of messages) {
    if (NOT_IN_THE_JARS.has(name)) continue
    const covered = new Set(vectors.get(name)?.map((vector) => vector.version))
    for (let version = versions.min; version <= versions.max; version++) {
      if (!covered.has(version)) uncovered.push(`${name} v${version}`)
    }
  }
  expect(uncovered).toEqual([])
})

for (const way of ['compiled', 'interpreted'] as const) {
  describe(`the ${way} codec`, () => {
    for (const [name, list] of vectors) {
      test(`reads and writes ${name} as Apache Kafka does`, () => {
        const message = messages.get(name)!
        for (const vector of list) {
          const at = `${name} v${vector.version} ${vector.case}`
          const bytes = Buffer.from(vector.bytes, 'base64')
          const expected = plain(vector.value, name)
          const read = decode(way, message, vector.version, bytes)
          expect(comparable(read), at).toEqual(comparable(expected))
          expect(encode(way, message, vector.version, read).toString('hex'), at).toBe(
            bytes.toString('hex'),
          )
          expect(encode(way, message, vector.version, expected).toString('hex'), at).toBe(
            bytes.toString('hex'),
          )
        }
      })
    }
  })
}

type Way = 'compiled' | 'interpreted'

function decode(way: Way, message: Message, version: number, bytes: Buffer): unknown {
  const source = new protocol.Reader(bytes)
  const read = way === 'compiled' ? compileReader : interpretReader
  const value = read(message, version)(source)
  source.expectEnd(message.name)
  return value
}

function encode(way: Way, message: Message, version: number, value: unknown): Buffer {
  const target = new protocol.Writer(64)
  const write = way === 'compiled' ? compileWriter : interpretWriter
  write(message, version)(target, value)
  return Buffer.from(target.toBuffer())
}

/** A vector's JSON as a value of ours: bytes are Buffers, 64-bit extremes saturate. */
function plain(value: unknown, message: string): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, message))
  if (typeof value !== 'object' || value === null) return value
  if ('$bytes' in value) return Buffer.from(String(value.$bytes), 'base64')
  if ('$int64' in value) return String(value.$int64).startsWith('-') ? -Infinity : Infinity
  const kept = Object.entries(value).filter(([key]) => !IN_NO_VERSION.has(`${key} of ${message}`))
  return Object.fromEntries(kept.map(([key, member]) => [key, plain(member, message)]))
}

/** Buffers compare by content, whatever they are views of. */
function comparable(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    return `hex ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
  }
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, comparable(member)]))
}

async function allMessages(): Promise<Map<string, Message>> {
  const found = new Map<string, Message>()
  for (const api of protocol.apis) {
    found.set(api.request.name, api.request)
    found.set(api.response.name, api.response)
  }
  const modules: object[] = [protocol]
  for (const file of readdirSync(path.resolve('protocol', 'state'))) {
    modules.push((await import(`../../protocol/state/${file.replace(/\.ts$/, '')}.ts`)) as object)
  }
  for (const exported of modules.flatMap((module) => Object.values(module))) {
    if (isMessage(exported)) found.set(exported.name, exported)
  }
  return found
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'made' in value && 'fields' in value
}
