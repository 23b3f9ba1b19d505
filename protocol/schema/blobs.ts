// Kinds with a length in front: string, bytes and records. Bytes are views of the frame when read;
// records may be written from parts, which the writer references instead of copying.
import type { RecordParts } from '../wire/part.ts'
import type { Kind } from './kind.ts'
import { readLength, readLengthText, writeNull, writeNullText, writerCall } from './kind.ts'

export const stringKind: Kind = {
  type: 'string',
  fixedBytes: undefined,
  members: () => undefined,
  minBytes: (place) => (place.compact ? 1 : 2),
  zero: () => '',
  readText(out, to, place) {
    const path = JSON.stringify(place.path)
    const length = out.local('n')
    readLengthText(out, length, 2, place)
    out.line(`let ${to} = null`)
    out.line(`if (${length} >= 0) {`)
    if (place.compact) out.line(`if (${length} > 32767) r.badLength(${length}, ${path})`)
    out.line(`if (${length} > end - p) r.short(p, ${path})`)
    out.line(`${to} = b.toString('utf8', p, p + ${length}); p += ${length}`)
    out.line(place.nullable ? '}' : `} else r.badNull(${path})`)
  },
  readAtText: notFixed,
  writeText(out, from, place) {
    const method = place.compact ? 'compactString' : 'classicString'
    out.line(`if (${from} === null) {`)
    writeNullText(out, 2, place)
    out.line('} else {')
    out.line(writerCall(`${method}(${from}, ${JSON.stringify(place.path)})`))
    out.line('}')
  },
  writeAtText: notFixed,
  valueText: (value) => JSON.stringify(value ?? (value === null ? null : '')),
  isText: (from, value) => `${from} === ${JSON.stringify(value === undefined ? '' : value)}`,
  reads: (place) => (reader) => {
    const length = readLength(reader, 2, place)
    return length < 0 ? null : reader.string(length, place.path)
  },
  writes: (place) => (writer, value) => {
    if (value === null) writeNull(writer, 2, place)
    else if (place.compact) writer.compactString(value as string, place.path)
    else writer.classicString(value as string, place.path)
  },
  is: (actual, value) => actual === (value === undefined ? '' : value),
}

export const bytesKind: Kind = blob('bytes')
export const recordsKind: Kind = blob('records')

function blob(type: 'bytes' | 'records'): Kind {
  return {
    type,
    fixedBytes: undefined,
    members: () => undefined,
    minBytes: (place) => (place.compact ? 1 : 4),
    zero: () => Buffer.alloc(0),
    readText(out, to, place) {
      const path = JSON.stringify(place.path)
      const length = out.local('n')
      readLengthText(out, length, 4, place)
      out.line(`let ${to} = null`)
      out.line(`if (${length} >= 0) {`)
      out.line(`if (${length} > end - p) r.short(p, ${path})`)
      out.line(`${to} = b.subarray(p, p + ${length}); p += ${length}`)
      out.line(place.nullable ? '}' : `} else r.badNull(${path})`)
    },
    readAtText: notFixed,
    writeText(out, from, place) {
      const method = place.compact ? 'compactBytes' : 'classicBytes'
      out.line(`if (${from} === null) {`)
      writeNullText(out, 4, place)
      out.line('} else {')
      out.line(writerCall(`${method}(${from}, ${JSON.stringify(place.path)})`))
      out.line('}')
    },
    writeAtText: notFixed,
    valueText: (value) => (value === null ? 'null' : 'Buffer.alloc(0)'),
    isText: (from, value) =>
      value === null ? `${from} === null` : `${from} !== null && ${from}.byteLength === 0`,
    reads: (place) => (reader) => {
      const length = readLength(reader, 4, place)
      return length < 0 ? null : reader.bytes(length, place.path)
    },
    writes: (place) => (writer, value) => {
      if (value === null) writeNull(writer, 4, place)
      else if (place.compact) writer.compactBytes(value as Uint8Array | RecordParts, place.path)
      else writer.classicBytes(value as Uint8Array | RecordParts, place.path)
    },
    is: (actual, value) =>
      value === null
        ? actual === null
        : actual !== null && (actual as Uint8Array | RecordParts).byteLength === 0,
  }
}

function notFixed(): never {
  throw new TypeError('this kind has no fixed size')
}
