// Random values of any message, as a reader of the version would give them: fields that the version
// lacks have their default.
import type { Random } from '../../base/random.ts'
import { below } from '../../base/random.ts'
import type { Kind, Member } from '../../protocol/schema/kind.ts'
import { isPresent } from '../../protocol/schema/kind.ts'
import type { Message } from '../../protocol/schema/message.ts'

type Struct = Record<string, unknown>

export function randomValue(random: Random, message: Message, version: number): Struct {
  return randomStruct(random, message.kind.members() ?? [], version)
}

function randomStruct(random: Random, members: readonly Member[], version: number): Struct {
  return Object.fromEntries(
    members.map((member) => [member.name, randomField(random, member, version)]),
  )
}

function randomField(random: Random, member: Member, version: number): unknown {
  const byDefault = member.default === undefined ? member.kind.zero() : member.default
  if (!isPresent(member, version) || below(random, 8) === 0) return byDefault
  if (version >= member.nullableFrom && below(random, 4) === 0) return null
  return randomOf(random, member.kind, version)
}

function randomOf(random: Random, kind: Kind, version: number): unknown {
  if (kind.type.startsWith('[]')) {
    const members = kind.members()
    const item = kind.type.slice(2)
    const many = below(random, 40) === 0 && members === undefined ? 200 : below(random, 4)
    return Array.from({ length: many }, () =>
      members === undefined ? scalar(random, item) : randomStruct(random, members, version),
    )
  }
  const members = kind.members()
  return members === undefined ? scalar(random, kind.type) : randomStruct(random, members, version)
}

function scalar(random: Random, type: string): unknown {
  const make = SCALARS[type]
  if (make === undefined) throw new TypeError(`no random values of ${type}`)
  return make(random)
}

const SCALARS: Readonly<Record<string, (random: Random) => unknown>> = {
  bool: (random) => below(random, 2) === 1,
  int8: (random) => (random.uint32() << 24) >> 24,
  int16: (random) => (random.uint32() << 16) >> 16,
  uint16: (random) => random.uint32() & 0xffff,
  int32: (random) => random.uint32() | 0,
  uint32: (random) => random.uint32(),
  int64: randomLong,
  float64: (random) => random.float() * 1e9 - 5e8,
  uuid: (random) => Buffer.from(random.bytes(16)).toString('base64url'),
  string: randomString,
  bytes: (random) => Buffer.from(random.bytes(below(random, 9) === 0 ? 300 : below(random, 9))),
  records: (random) => Buffer.from(random.bytes(below(random, 9) === 0 ? 300 : below(random, 9))),
}

function randomLong(random: Random): number {
  const high = below(random, 3) === 0 ? (random.uint32() & 0x3fffff) - 0x200000 : 0
  return high * 2 ** 32 + random.uint32()
}

const ALPHABETS = [
  ['a', 'b', '-', '_', '.', '0'],
  ['a', 'é', 'ü'],
  ['漢', '字', 'x'],
  ['🦊', 'a'],
]

/** Short and long, ASCII and not, around the borders of one- and two-byte lengths. */
function randomString(random: Random): string {
  const letters = ALPHABETS[below(random, ALPHABETS.length)]!
  const length = below(random, 10) === 0 ? 35 + below(random, 100) : below(random, 12)
  return Array.from({ length }, () => letters[below(random, letters.length)]!).join('')
}
