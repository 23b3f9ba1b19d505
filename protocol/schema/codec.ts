// The way to a message's reader and writer: compiled at first use per (message, version) and kept
// with the message; interpreted where the process may not make code from strings.
import { assert } from '../../base/assert.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { compileReader, compileWriter } from './compile.ts'
import type { DraftOf, Read, Shape } from './field.ts'
import { interpretReader, interpretWriter } from './interpret.ts'
import type { Message } from './message.ts'
import { includesVersion } from './versions.ts'

/** Reads one message body at the reader's position. Throws MalformedFrame. */
export function reader<S extends Shape>(
  message: Message<S>,
  version: number,
): (reader: Reader) => Read<S> {
  let read = message.made.readers[version]
  if (read === undefined) {
    checkVersion(message, version)
    read = orInterpreted(
      () => compileReader(message, version),
      () => interpretReader(message, version),
    )
    message.made.readers[version] = read
  }
  return read as (reader: Reader) => Read<S>
}

/** Writes one message body at the writer's position. Throws Unencodable. */
export function writer<S extends Shape>(
  message: Message<S>,
  version: number,
): (writer: Writer, draft: DraftOf<S>) => void {
  let write = message.made.writers[version]
  if (write === undefined) {
    checkVersion(message, version)
    write = orInterpreted(
      () => compileWriter(message, version),
      () => interpretWriter(message, version),
    )
    message.made.writers[version] = write
  }
  return write
}

/** The body that fills `bytes` from `start` to `end` exactly; anything else is MalformedFrame. */
export function decode<S extends Shape>(
  message: Message<S>,
  version: number,
  ...[bytes, start, end]: [bytes: Uint8Array, start?: number, end?: number]
): Read<S> {
  const source = new Reader(bytes, start, end)
  const value = reader(message, version)(source)
  source.expectEnd(message.name)
  return value
}

/** The body's bytes in a buffer of their own. Throws Unencodable. */
export function encode<S extends Shape>(
  message: Message<S>,
  version: number,
  draft: DraftOf<S>,
): Buffer {
  const target = new Writer(1024)
  writer(message, version)(target, draft)
  return target.toBuffer()
}

function checkVersion(message: Message, version: number): void {
  const { min, max } = message.versions
  const known = includesVersion(message.versions, version)
  assert(known, `${message.name} has versions ${min} to ${max}, not ${version}`)
}

function orInterpreted<F>(compile: () => F, interpret: () => F): F {
  try {
    return compile()
  } catch (error) {
    if (error instanceof EvalError) return interpret()
    throw error
  }
}
