// From a frame to a handler and from its reply to bytes: table look-up, version range, reader,
// handler, writer. A key or version that is not advertised closes the connection, ApiVersions
// excepted. Knows no API but that one.
import { errors } from '../../protocol/errors.ts'
import { reader, writer } from '../../protocol/schema/codec.ts'
import { beginFrame, endFrame } from '../../protocol/wire/frame.ts'
import {
  readRequestHeaderInto,
  type ReusedHead,
  responseHeaderVersion,
  writeResponseHeader,
} from '../../protocol/wire/header.ts'
import { Reader } from '../../protocol/wire/reader.ts'
import { Writer } from '../../protocol/wire/writer.ts'
import type { Api } from '../../protocol/schema/message.ts'
import type { Part, RecordParts } from '../../protocol/wire/part.ts'
import type { Connection, Started } from '../net/connection.ts'
import type { ReplySlot } from '../net/reply-slot.ts'
import { unsupportedVersion } from './18-api-versions.ts'
import type { Handler, Later, RequestContext } from './handler.ts'
import type { Node } from './node.ts'

export interface RequestTrace {
  /** One call per request once its reply is ready; `micros` from the first byte read to then. */
  answered(request: TracedRequest): void
}

export interface TracedRequest {
  readonly api: string
  readonly version: number
  readonly clientId: string | null
  /** Topics or groups, a few of them; undefined where the request names none. */
  readonly subject: string | undefined
  readonly connection: string
  readonly micros: number
  readonly outcome: string
}

interface Traced {
  readonly trace: RequestTrace
  readonly request: unknown
  readonly startedAt: number
}

const API_VERSIONS_KEY = 18

export class Dispatch {
  readonly #node: Node
  /** By listener, then by API key. */
  readonly #tables = new Map<string, readonly (Handler | undefined)[]>()
  readonly #trace: RequestTrace | null
  /** Of the request that is being started; nobody keeps them. */
  readonly #head: ReusedHead = { apiKey: 0, apiVersion: 0, correlationId: 0, clientId: null }
  readonly #input = new Reader(new Uint8Array(0))

  constructor(node: Node, trace: RequestTrace | null) {
    this.#node = node
    this.#trace = trace
  }

  #tableOf(listener: string): readonly (Handler | undefined)[] {
    const known = this.#tables.get(listener)
    if (known !== undefined) return known
    const table: (Handler | undefined)[] = []
    for (const handler of this.#node.handlersOn(listener)) table[handler.api.key] = handler
    this.#tables.set(listener, table)
    return table
  }

  /** Starts the request in frame[start..end). Throws MalformedFrame: the connection closes. */
  start(slot: ReplySlot<Connection>, frame: Buffer, start: number, end: number): Started {
    const input = this.#input.reset(frame, start, end)
    const header = this.#head
    const { connection } = slot
    header.clientId = connection.clientId
    readRequestHeaderInto(header, input)
    connection.clientId = header.clientId
    const handler = this.#tableOf(connection.listenerName)[header.apiKey]
    if (handler === undefined) {
      return refuse(slot, `API key ${header.apiKey} is not served here`)
    }
    const { min, max } = handler
    if (header.apiVersion < min || header.apiVersion > max) {
      if (header.apiKey === API_VERSIONS_KEY) return this.#unsupported(slot, header, handler)
      return refuse(slot, `${handler.api.name} ${header.apiVersion} is outside ${min}-${max}`)
    }
    // Bytes behind the body are not looked at, as with Apache Kafka: librdkafka 2.16 leaves three
    // there when it asks for all topics (Metadata 13).
    const request = reader(handler.api.request, header.apiVersion)(input)
    const pending = new PendingRequest(this.#node, slot, handler, header)
    if (this.#trace !== null) pending.trace(this.#trace, request)
    return pending.serve(request)
  }

  #unsupported(slot: ReplySlot<Connection>, header: ReusedHead, handler: Handler): Started {
    const reply = unsupportedVersion([handler])
    slot.fill(encode(handler, 0, header.correlationId, reply))
    return 'answered'
  }
}

/** One request between its first byte and its reply; the context that its handler sees. */
class PendingRequest implements RequestContext<unknown>, Later<unknown> {
  readonly node: Node
  readonly version: number
  readonly clientId: string | null
  readonly #slot: ReplySlot<Connection>
  readonly #handler: Handler
  readonly #correlationId: number
  #whenSent: (() => void) | undefined = undefined
  #state: 'serving' | 'waiting' | 'done' = 'serving'
  #traced: Traced | null = null

  constructor(node: Node, slot: ReplySlot<Connection>, handler: Handler, header: ReusedHead) {
    this.node = node
    this.version = header.apiVersion
    this.clientId = header.clientId
    this.#slot = slot
    this.#handler = handler
    this.#correlationId = header.correlationId
  }

  get connection(): Connection {
    return this.#slot.connection
  }

  trace(trace: RequestTrace, request: unknown): void {
    this.#traced = { trace, request, startedAt: this.node.clock.monotonic() }
  }

  serve(request: unknown): Started {
    const result = this.#handler.serve(this, request)
    if (result === this) {
      if (this.#state === 'done') return 'answered'
      return this.#handler.orderIsFixed ? 'pending-order-fixed' : 'pending'
    }
    this.answer(result)
    return 'answered'
  }

  later(): Later<unknown> {
    this.#state = 'waiting'
    return this
  }

  whenSent(release: () => void): void {
    this.#whenSent = release
  }

  answer(reply: unknown): void {
    if (this.#state === 'done') return
    this.#state = 'done'
    let parts
    try {
      parts = encode(this.#handler, this.version, this.#correlationId, reply)
    } catch (error) {
      // Whoever answers must not suffer from it: it may be a turn with the answers of others.
      this.node.unexpected(error)
      this.#whenSent?.()
      this.#slot.closeConnection('its reply could not be written')
      this.node.turn.schedule()
      return
    }
    this.#slot.fill(parts, this.#whenSent)
    if (this.#traced !== null) this.#note(this.#traced, outcomeOf(reply))
    this.node.turn.schedule()
  }

  skip(): void {
    if (this.#state === 'done') return
    this.#state = 'done'
    this.#slot.skip()
    if (this.#traced !== null) this.#note(this.#traced, 'no reply')
    this.node.turn.schedule()
  }

  close(why: string): void {
    if (this.#state === 'done') return
    this.#state = 'done'
    this.#slot.closeConnection(why)
    this.node.turn.schedule()
  }

  onAbandoned(left: () => void): void {
    this.#slot.onAbandoned(left)
  }

  #note({ trace, request, startedAt }: Traced, outcome: string): void {
    trace.answered({
      api: this.#handler.api.name,
      version: this.version,
      clientId: this.clientId,
      subject: subjectOf(request),
      connection: this.#slot.connection.describe(),
      micros: Math.round((this.node.clock.monotonic() - startedAt) * 1000),
      outcome,
    })
  }
}

const out = new Writer()

function encode(
  { api, repeatsReplies }: Handler,
  version: number,
  correlationId: number,
  reply: unknown,
): readonly Part[] {
  const body = repeatsReplies ? encodedOnce(api, version, reply as object) : undefined
  out.reset()
  const mark = beginFrame(out)
  writeResponseHeader(out, responseHeaderVersion(api.key, version), correlationId)
  // The handler's own type says what its reply is; here it has any.
  if (body === undefined) writer(api.response, version)(out, reply as never)
  else out.reference(body)
  endFrame(out, mark)
  return out.take()
}

/** Bodies of replies that may be given again, for as long as somebody keeps the reply itself. */
const bodies = new WeakMap<object, RecordParts>()

/** A reply object belongs to one version: whoever gives it again sees to that. */
function encodedOnce(api: Api, version: number, reply: object): RecordParts {
  const known = bodies.get(reply)
  if (known !== undefined) return known
  out.reset()
  writer(api.response, version)(out, reply)
  const bytes = out.toBuffer()
  const body: RecordParts = { kind: 'parts', byteLength: bytes.length, parts: [bytes] }
  bodies.set(reply, body)
  return body
}

function refuse(slot: ReplySlot<Connection>, why: string): Started {
  slot.closeConnection(why)
  return 'answered'
}

const MOST_NAMES = 3

/** What a request is about, found by the names of its fields: for people who read the log. */
function subjectOf(request: unknown): string | undefined {
  const fields = request as Record<string, unknown>
  const lists = [fields['topics'], fields['topicData'], fields['groups'], fields['topicNames']]
  const names = lists.flatMap((list) => (Array.isArray(list) ? list.map(nameIn) : []))
  if (typeof fields['groupId'] === 'string') names.unshift(fields['groupId'])
  if (names.length === 0) return undefined
  const more = names.length > MOST_NAMES ? `,+${names.length - MOST_NAMES}` : ''
  return names.slice(0, MOST_NAMES).join(',') + more
}

function nameIn(element: unknown): string {
  if (typeof element === 'string') return element
  const { name, topic, topicId, groupId } = element as Record<string, string | null | undefined>
  return groupId || name || topic || topicId || ''
}

function outcomeOf(reply: unknown): string {
  const code = (reply as { errorCode?: number }).errorCode ?? errors.NONE
  return code === errors.NONE ? 'ok' : `error ${code}`
}
