// Request and response headers. Hand-written because every request passes here; the two messages
// state the same for people, the tables and the tests. A flexible version has request header 2 and
// response header 1, any other 1 and 0. Exception: the response header of ApiVersions is always 0,
// so that a client can read the answer to a version that the broker does not know.
import { apiByKey } from '../api/index.ts'
import { int16, int32, message, string } from '../schema/index.ts'
import { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

export const RequestHeader = message('RequestHeader', {
  versions: '1-2',
  flexible: '2+',
  fields: {
    requestApiKey: int16,
    requestApiVersion: int16,
    correlationId: int32,
    // An int16 length in every version.
    clientId: string.nullable().classic(),
  },
})

export const ResponseHeader = message('ResponseHeader', {
  versions: '0-1',
  flexible: '1+',
  fields: { correlationId: int32 },
})

export interface RequestHead {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** Index of the first byte of the body. */
  readonly bodyStart: number
}

/** A head that is read into again and again. */
export type ReusedHead = {
  -readonly [Field in Exclude<keyof RequestHead, 'bodyStart'>]: RequestHead[Field]
}

const API_VERSIONS = 18

/**
 * Reads the header of a frame without its length. For a key that Kafka does not know, header 1 is
 * assumed; a version above the known ones has the header of the highest. Throws MalformedFrame.
 */
export function readRequestHeader(bytes: Uint8Array, start: number, end: number): RequestHead {
  const reader = new Reader(bytes, start, end)
  const head = { apiKey: 0, apiVersion: 0, correlationId: 0, clientId: null }
  readRequestHeaderInto(head, reader)
  return { ...head, bodyStart: reader.position }
}

/** As readRequestHeader, for every request: the reader then stands at the body, nothing is made
 * but a client id that is not the one in `head` already. */
export function readRequestHeaderInto(head: ReusedHead, reader: Reader): void {
  head.apiKey = reader.int16('request header')
  head.apiVersion = reader.int16('request header')
  head.correlationId = reader.int32('request header')
  const length = reader.int16('clientId')
  if (length < 0) head.clientId = null
  else if (head.clientId !== null && reader.isNext(head.clientId, length)) {
    reader.skip(length, 'clientId')
  } else head.clientId = reader.string(length, 'clientId')
  if (requestHeaderVersion(head.apiKey, head.apiVersion) === 2) reader.skipTags('request header')
}

export function writeRequestHeader(writer: Writer, head: Omit<RequestHead, 'bodyStart'>): void {
  writer.int16(head.apiKey, 'apiKey')
  writer.int16(head.apiVersion, 'apiVersion')
  writer.int32(head.correlationId, 'correlationId')
  if (head.clientId === null) writer.int16(-1, 'clientId')
  else writer.classicString(head.clientId, 'clientId')
  if (requestHeaderVersion(head.apiKey, head.apiVersion) === 2) writer.uvarint(0)
}

/** Reads a response header; the reader then stands at the body. */
export function readResponseHeader(reader: Reader, headerVersion: 0 | 1): number {
  const correlationId = reader.int32('correlationId')
  if (headerVersion === 1) reader.skipTags('response header')
  return correlationId
}

export function writeResponseHeader(
  writer: Writer,
  headerVersion: 0 | 1,
  correlationId: number,
): void {
  writer.int32(correlationId, 'correlationId')
  if (headerVersion === 1) writer.uvarint(0)
}

export function requestHeaderVersion(apiKey: number, apiVersion: number): 1 | 2 {
  return isFlexible(apiKey, apiVersion) ? 2 : 1
}

export function responseHeaderVersion(apiKey: number, apiVersion: number): 0 | 1 {
  return apiKey !== API_VERSIONS && isFlexible(apiKey, apiVersion) ? 1 : 0
}

function isFlexible(apiKey: number, apiVersion: number): boolean {
  const api = apiByKey(apiKey)
  return api !== undefined && apiVersion >= api.flexible
}
