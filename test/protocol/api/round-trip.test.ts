// Every version of every message, compiled and interpreted side by side.
import { expect, test } from 'vitest'
import { below, seededRandom } from '../../../base/random.ts'
import { compileReader, compileWriter } from '../../../protocol/schema/compile.ts'
import { interpretReader, interpretWriter } from '../../../protocol/schema/interpret.ts'
import type { Member } from '../../../protocol/schema/kind.ts'
import type { Message } from '../../../protocol/schema/message.ts'
import { messageEntries } from '../../../protocol/tables.ts'
import { Reader } from '../../../protocol/wire/reader.ts'
import { Writer } from '../../../protocol/wire/writer.ts'
import { randomValue } from '../random-value.ts'

const messages = messageEntries().map(({ message }) => message)
const random = seededRandom(20)
const VALUES = 10

test.each(messages.map((message) => [message.name, message] as const))(
  '%s: values and drafts without defaults give the same bytes, which give back the value',
  (_name, message) => {
    for (let version = message.versions.min; version <= message.versions.max; version++) {
      const compiled = [compileReader(message, version), compileWriter(message, version)] as const
      const plain = [interpretReader(message, version), interpretWriter(message, version)] as const
      for (let i = 0; i < VALUES; i++) {
        const value = randomValue(random, message, version)
        const bytes = written(compiled[1], value)
        expect(written(plain[1], value).equals(bytes), `${message.name} v${version}`).toBe(true)
        expect(read(compiled[0], bytes)).toEqual(value)
        expect(read(plain[0], bytes)).toEqual(value)
        const draft = thinned(value, message.kind.members() ?? [])
        expect(written(compiled[1], draft).equals(bytes)).toBe(true)
        expect(written(plain[1], draft).equals(bytes)).toBe(true)
      }
    }
  },
)

test('all versions of a message give the same keys in the same order', () => {
  for (const message of messages) {
    const keys = keysOf(message)
    for (let version = message.versions.min; version <= message.versions.max; version++) {
      const bytes = written(compileWriter(message, version), randomValue(random, message, version))
      expect(Object.keys(read(compileReader(message, version), bytes))).toEqual(keys)
      expect(Object.keys(read(interpretReader(message, version), bytes))).toEqual(keys)
    }
  }
})

function keysOf(message: Message): readonly string[] {
  return (message.kind.members() ?? []).map(({ name }) => name)
}

function written(write: (writer: Writer, value: unknown) => void, value: unknown): Buffer {
  // A small slab, so that it has to grow in the middle of most messages.
  const writer = new Writer(16 + below(random, 100))
  write(writer, value)
  return writer.toBuffer()
}

function read(read: (reader: Reader) => unknown, bytes: Buffer): object {
  const reader = new Reader(bytes)
  const value = read(reader)
  reader.expectEnd('the message')
  return value as object
}

/** The value without optional fields that are at their default, at every depth. */
function thinned(value: unknown, members: readonly Member[]): unknown {
  if (Array.isArray(value)) return value.map((item) => thinned(item, members))
  if (value === null || typeof value !== 'object') return value
  const struct = value as Record<string, unknown>
  const kept = members.filter(
    (member) => !member.optional || !member.kind.is(struct[member.name], member.default),
  )
  return Object.fromEntries(
    kept.map((member) => {
      const inner = member.kind.members()
      const field = struct[member.name]
      return [member.name, inner === undefined ? field : thinned(field, inner)]
    }),
  )
}
