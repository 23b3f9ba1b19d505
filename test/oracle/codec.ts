// The only file of the oracle that touches our codec: partial requests in, frames out; frames in,
// decoded answers out; and answers back to bytes, to see that nothing of them was lost.
import * as protocol from '../../protocol/index.ts'
import { isPresent, type Kind } from '../../protocol/schema/kind.ts'

export type ApiName = string
export type Message = { readonly [member: string]: unknown }

const byName = new Map<string, protocol.Api>(protocol.apis.map((api) => [api.name, api]))

export function apiNamed(name: ApiName): protocol.Api {
  const api = byName.get(name)
  if (api === undefined) throw new Error(`no API is called ${name}`)
  return api
}

export function apiName(key: number): ApiName {
  return protocol.apis.find((api) => api.key === key)?.name ?? `API ${key}`
}

export interface Head {
  readonly correlationId: number
  readonly clientId: string | null
  /** Written into the header instead of the body's version. */
  readonly headerVersion?: number
}

/** Header and body, without the length. Members a version lacks are dropped, missing ones filled. */
export function encodeRequest(
  name: ApiName,
  version: number,
  request: Message,
  head: Head,
): Buffer {
  const { key, request: message } = apiNamed(name)
  const out = new protocol.Writer(1024)
  const { correlationId, clientId } = head
  protocol.writeRequestHeader(out, { apiKey: key, apiVersion: version, correlationId, clientId })
  const draft = complete(message.kind, version, request, name)
  protocol.writer(message, version)(out, draft as never)
  const bytes = Buffer.from(out.toBuffer())
  if (head.headerVersion !== undefined) bytes.writeInt16BE(head.headerVersion, 2)
  return bytes
}

export function frame(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** `bytes` is a whole answer without its length: header and body, to the last byte. */
export function decodeReply(name: ApiName, version: number, bytes: Buffer): Message {
  const { key, response } = apiNamed(name)
  const source = new protocol.Reader(bytes)
  protocol.readResponseHeader(source, protocol.responseHeaderVersion(key, version))
  const body = protocol.reader(response, version)(source)
  source.expectEnd(response.name)
  return body
}

/** The answer without its correlation id, as our writer would have sent it. */
export function encodeReply(name: ApiName, version: number, body: Message): Buffer {
  const { key, response } = apiNamed(name)
  const out = new protocol.Writer(1024)
  const headerVersion = protocol.responseHeaderVersion(key, version)
  protocol.writeResponseHeader(out, headerVersion, 0)
  protocol.writer(response, version)(out, body)
  return Buffer.from(out.toBuffer().subarray(4))
}

/** A full draft for one version from a partial one; an unknown member is a slip of the scenario. */
function complete(kind: Kind, version: number, value: unknown, at: string): unknown {
  const members = kind.members()
  if (members === undefined || value === null || value === undefined) return value
  if (Array.isArray(value)) return value.map((item) => completeStruct(kind, version, item, at))
  return completeStruct(kind, version, value, at)
}

function completeStruct(kind: Kind, version: number, value: unknown, at: string): Message {
  const given = value as Message
  const out: Record<string, unknown> = {}
  const members = kind.members() ?? []
  for (const name of Object.keys(given)) {
    if (!members.some((member) => member.name === name)) throw new Error(`${at} has no ${name}`)
  }
  for (const member of members) {
    if (!isPresent(member, version)) continue
    const fallback = member.default === undefined ? member.kind.zero() : member.default
    const chosen = given[member.name] === undefined ? fallback : given[member.name]
    out[member.name] = complete(member.kind, version, chosen, `${at}.${member.name}`)
  }
  return out
}
