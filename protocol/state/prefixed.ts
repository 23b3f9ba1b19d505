// Messages that travel as bytes inside others: an int16 in front, then the body. The int16 is the
// version of the body (or, for keys of coordinator records, the record type).
import { decode, reader, writer } from '../schema/codec.ts'
import type { DraftOf, Read, Shape } from '../schema/field.ts'
import type { Message } from '../schema/message.ts'
import { includesVersion } from '../schema/versions.ts'
import { MalformedFrame, Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'

const PREFIX_BYTES = 2

/** int16 `version` and the body in that version. */
export function encodeVersioned<S extends Shape>(
  message: Message<S>,
  version: number,
  draft: DraftOf<S>,
): Buffer {
  return encodePrefixed(message, { prefix: version, version }, draft)
}

/** int16 `prefix` and the body in `version`. */
export function encodePrefixed<S extends Shape>(
  message: Message<S>,
  { prefix, version }: { readonly prefix: number; readonly version: number },
  draft: DraftOf<S>,
): Buffer {
  const target = new Writer(256)
  target.int16(prefix, message.name)
  writer(message, version)(target, draft)
  return target.toBuffer()
}

/** The body behind its version. Throws MalformedFrame, for unknown versions too. */
export function decodeVersioned<S extends Shape>(message: Message<S>, bytes: Uint8Array): Read<S> {
  const version = readPrefix(message, bytes)
  if (!includesVersion(message.versions, version)) {
    throw new MalformedFrame(`${message.name}: unknown version ${version}`)
  }
  return decode(message, version, bytes, PREFIX_BYTES)
}

/**
 * The same as clients read their own protocol (ConsumerProtocolSubscription and Assignment): a
 * version above the highest is read as the highest, and bytes left over are not looked at.
 */
export function decodeForward<S extends Shape>(message: Message<S>, bytes: Uint8Array): Read<S> {
  const { min, max } = message.versions
  const version = Math.min(readPrefix(message, bytes), max)
  if (version < min) throw new MalformedFrame(`${message.name}: unknown version ${version}`)
  return reader(message, version)(new Reader(bytes, PREFIX_BYTES))
}

/** The body behind an int16 that was looked at before. */
export function decodeBehindPrefix<S extends Shape>(
  message: Message<S>,
  version: number,
  bytes: Uint8Array,
): Read<S> {
  return decode(message, version, bytes, PREFIX_BYTES)
}

/** The int16 in front. */
export function readPrefix(message: { readonly name: string }, bytes: Uint8Array): number {
  return new Reader(bytes).int16(message.name)
}
