// Kinds of one fixed size: bool, the integers, float64 and uuid.
// An int64 is a number that saturates to +-Infinity beyond +-2^53 (docs/architecture.md).
import { ZERO_UUID } from '../../base/uuid.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import type { Kind } from './kind.ts'
import { roomText } from './kind.ts'

interface Scalar<Value> {
  readonly type: string
  readonly bytes: number
  readonly zero: Value
  /** Statements or one expression that declare `to`. */
  readText(to: string, at: (byte: number) => string, position: string): string
  writeText(from: string, at: (byte: number) => string, position: string): string
  /** A condition that `from` is no value of this kind. */
  refuseText(from: string): string
  read(reader: Reader, path: string): Value
  write(writer: Writer, value: Value, path: string): void
}

function scalar<Value>(of: Scalar<Value>): Kind {
  return {
    type: of.type,
    fixedBytes: of.bytes,
    members: () => undefined,
    minBytes: () => of.bytes,
    zero: () => of.zero,
    readText(out, to, place) {
      out.line(`if (p + ${of.bytes} > end) r.short(p, ${JSON.stringify(place.path)})`)
      this.readAtText(out, to, 0)
      out.line(`p += ${of.bytes}`)
    },
    readAtText(out, to, offset) {
      out.line(of.readText(to, (byte) => `b[p + ${offset + byte}]`, `p + ${offset}`))
    },
    writeText(out, from, place) {
      out.line(roomText(of.bytes))
      this.writeAtText(out, from, 0, place.path)
      out.line(`p += ${of.bytes}`)
    },
    writeAtText(out, from, offset, path) {
      out.line(`if (${of.refuseText(from)}) w.bad(${JSON.stringify(path)}, ${from})`)
      out.line(of.writeText(from, (byte) => `b[p + ${offset + byte}]`, `p + ${offset}`))
    },
    valueText: (value) => literal(value ?? of.zero),
    isText: (from, value) => `${from} === ${literal(value ?? of.zero)}`,
    reads:
      ({ path }) =>
      (reader) =>
        of.read(reader, path),
    writes:
      ({ path }) =>
      (writer, value) =>
        of.write(writer, value as Value, path),
    is: (actual, value) => actual === (value ?? of.zero),
  }
}

function literal(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

export const boolKind = scalar({
  type: 'bool',
  bytes: 1,
  zero: false,
  readText: (to, at) => `const ${to} = ${at(0)} !== 0`,
  writeText: (from, at) => `${at(0)} = ${from} ? 1 : 0`,
  refuseText: (from) => `typeof ${from} !== 'boolean'`,
  read: (reader, path) => reader.bool(path),
  write: (writer, value, path) => writer.bool(value, path),
})

export const int8Kind = scalar({
  type: 'int8',
  bytes: 1,
  zero: 0,
  readText: (to, at) => `const ${to} = ${at(0)} << 24 >> 24`,
  writeText: (from, at) => `${at(0)} = ${from}`,
  refuseText: (from) => `(${from} << 24 >> 24) !== ${from}`,
  read: (reader, path) => reader.int8(path),
  write: (writer, value, path) => writer.int8(value, path),
})

export const int16Kind = scalar({
  type: 'int16',
  bytes: 2,
  zero: 0,
  readText: (to, at) => `const ${to} = (${at(0)} << 24 | ${at(1)} << 16) >> 16`,
  writeText: (from, at) => `${at(0)} = ${from} >> 8; ${at(1)} = ${from}`,
  refuseText: (from) => `(${from} << 16 >> 16) !== ${from}`,
  read: (reader, path) => reader.int16(path),
  write: (writer, value, path) => writer.int16(value, path),
})

export const uint16Kind = scalar({
  type: 'uint16',
  bytes: 2,
  zero: 0,
  readText: (to, at) => `const ${to} = ${at(0)} << 8 | ${at(1)}`,
  writeText: (from, at) => `${at(0)} = ${from} >> 8; ${at(1)} = ${from}`,
  refuseText: (from) => `(${from} & 0xffff) !== ${from}`,
  read: (reader, path) => reader.uint16(path),
  write: (writer, value, path) => writer.uint16(value, path),
})

export const int32Kind = scalar({
  type: 'int32',
  bytes: 4,
  zero: 0,
  readText: (to, at) => `const ${to} = ${fourBytes(at, 0)}`,
  writeText: (from, at) => putFourBytes(from, at, 0),
  refuseText: (from) => `(${from} | 0) !== ${from}`,
  read: (reader, path) => reader.int32(path),
  write: (writer, value, path) => writer.int32(value, path),
})

export const uint32Kind = scalar({
  type: 'uint32',
  bytes: 4,
  zero: 0,
  readText: (to, at) => `const ${to} = (${fourBytes(at, 0)}) >>> 0`,
  writeText: (from, at) => putFourBytes(from, at, 0),
  refuseText: (from) => `(${from} >>> 0) !== ${from}`,
  read: (reader, path) => reader.uint32(path),
  write: (writer, value, path) => writer.uint32(value, path),
})

export const int64Kind = scalar({
  type: 'int64',
  bytes: 8,
  zero: 0,
  readText: (to, at) =>
    `const ${to}h = ${fourBytes(at, 0)}\n` +
    `const ${to} = ${to}h >= 0x200000 ? Infinity : ${to}h < -0x200000 ? -Infinity\n` +
    `  : ${to}h * 0x100000000 + ((${fourBytes(at, 4)}) >>> 0)`,
  writeText: (from, at) =>
    '{ let h, l\n' +
    `if (${from} >= 9007199254740992) { h = 0x7fffffff; l = -1 }\n` +
    `else if (${from} < -9007199254740992) { h = -0x80000000; l = 0 }\n` +
    `else { h = Math.floor(${from} / 0x100000000); l = ${from} | 0 }\n` +
    `${putFourBytes('h', at, 0)}\n${putFourBytes('l', at, 4)} }`,
  refuseText: (from) => `Math.floor(${from}) !== ${from}`,
  read: (reader, path) => reader.int64(path),
  write: (writer, value, path) => writer.int64(value, path),
})

export const float64Kind = scalar({
  type: 'float64',
  bytes: 8,
  zero: 0,
  readText: (to, _at, position) => `const ${to} = b.readDoubleBE(${position})`,
  writeText: (from, _at, position) => `b.writeDoubleBE(${from}, ${position})`,
  refuseText: (from) => `typeof ${from} !== 'number'`,
  read: (reader, path) => reader.float64(path),
  write: (writer, value, path) => writer.float64(value, path),
})

export const uuidKind = scalar({
  type: 'uuid',
  bytes: 16,
  zero: ZERO_UUID,
  readText: (to, _at, position) =>
    `const ${to} = b.toString('base64url', ${position}, ${position} + 16)`,
  // The length was checked before; fewer bytes means characters outside the alphabet.
  writeText: (from, _at, position) =>
    `if (b.write(${from}, ${position}, 16, 'base64url') !== 16) w.bad('uuid', ${from})`,
  refuseText: (from) => `typeof ${from} !== 'string' || ${from}.length !== 22`,
  read: (reader, path) => reader.uuid(path),
  write: (writer, value, path) => writer.uuid(value, path),
})

function fourBytes(at: (byte: number) => string, from: number): string {
  const [a, b, c, d] = [at(from), at(from + 1), at(from + 2), at(from + 3)]
  return `${a} << 24 | ${b} << 16 | ${c} << 8 | ${d}`
}

function putFourBytes(value: string, at: (byte: number) => string, from: number): string {
  return [24, 16, 8, 0].map((shift, i) => `${at(from + i)} = ${value} >> ${shift}`).join('; ')
}
