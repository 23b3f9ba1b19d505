// From a frame to a handler and from its reply to bytes: table look-up, version range, reader,
// handler, writer. A key or version that is not advertised closes the connection, ApiVersions
// excepted. Knows no API but that one.
import { errors } from '../../protocol/errors.ts'
import { reader, writer } from '../../protocol/schema/codec.ts'
import { beginFrame, endFrame } from '../../protocol/wire/frame.ts'
import {
  readRequestHeader,
  type RequestHead,
  responseHeaderVersion,
  writeResponseHeader,
} from '../../protocol/wire/header.ts'
import { Reader } from '../../protocol/wire/reader.ts'
import { Writer } from '../../protocol/wire/writer.ts'
import type { Part } from '../../protocol/wire/part.ts'
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

const API_VERSIONS_KEY = 18

export class Dispatch {
  readonly #node: Node
  /** By listener, then by API key. */
  readonly #tables = new Map<string, readonly (Handler | undefined)[]>()
  readonly #trace: RequestTrace | null

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
  start(
    slot: ReplySlot<Connection>,
    frame: Buffer,
    range: { start: number; end: number },
  ): Started {
    const { start, end } = range
    const header = readRequestHeader(frame, start, end)
    slot.connection.clientId = header.clientId
    const handler = this.#tableOf(slot.connection.listenerName)[header.apiKey]
    if (handler === undefined) {
      return refuse(slot, `API key ${header.apiKey} is not served here`)
    }
    const { min, max } = handler
    if (header.apiVersion < min || header.apiVersion > max) {
      if (header.apiKey === API_VERSIONS_KEY) return this.#unsupported(slot, header, handler)
      return refuse(slot, `${handler.api.name} ${header.apiVersion} is outside ${min}-${max}`)
    }
    const input = new Reader(frame, header.bodyStart, end)
    // Bytes behind the body are not looked at, as with Apache Kafka: librdkafka 2.16 leaves three
    // there when it asks for all topics (Metadata 13).
    const request = reader(handler.api.request, header.apiVersion)(input)
    const pending = new PendingRequest(this.#node, slot, {
      handler,
      header,
      trace: this.#trace,
      request: this.#trace === null ? null : request,
    })
    return pending.serve(request)
  }

  #unsupported(slot: ReplySlot<Connection>, header: RequestHead, handler: Handler): Started {
    const reply = unsupportedVersion([handler])
    slot.fill(encode(handler, { ...header, apiVersion: 0 }, reply))
    return 'answered'
  }
}

interface Work {
  readonly handler: Handler
  readonly header: RequestHead
  readonly trace: RequestTrace | null
  readonly request: unknown
}

/** One request between its first byte and its reply; the context that its handler sees. */
class PendingRequest implements RequestContext<unknown>, Later<unknown> {
  readonly node: Node
  readonly #slot: ReplySlot<Connection>
  readonly #work: Work
  readonly #startedAt: number
  #whenSent: (() => void) | undefined
  #state: 'serving' | 'waiting' | 'done' = 'serving'

  constructor(node: Node, slot: ReplySlot<Connection>, work: Work) {
    this.node = node
    this.#slot = slot
    this.#work = work
    this.#startedAt = work.trace === null ? 0 : node.clock.monotonic()
  }

  get version(): number {
    return this.#work.header.apiVersion
  }
  get clientId(): string | null {
    return this.#work.header.clientId
  }
  get connection(): Connection {
    return this.#slot.connection
  }

  serve(request: unknown): Started {
    const result = this.#work.handler.serve(this, request)
    if (result === this) {
      if (this.#state === 'done') return 'answered'
      return this.#work.handler.orderIsFixed ? 'pending-order-fixed' : 'pending'
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
      parts = encode(this.#work.handler, this.#work.header, reply)
    } catch (error) {
      // Whoever answers must not suffer from it: it may be a turn with the answers of others.
      this.node.unexpected(error)
      this.#whenSent?.()
      this.#slot.closeConnection('its reply could not be written')
      this.node.turn.schedule()
      return
    }
    this.#slot.fill(parts, this.#whenSent)
    if (this.#work.trace !== null) this.#note(outcomeOf(reply))
    this.node.turn.schedule()
  }

  skip(): void {
    if (this.#state === 'done') return
    this.#state = 'done'
    this.#slot.skip()
    if (this.#work.trace !== null) this.#note('no reply')
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

  #note(outcome: string): void {
    const { handler, header, trace, request } = this.#work
    trace?.answered({
      api: handler.api.name,
      version: header.apiVersion,
      clientId: header.clientId,
      subject: subjectOf(request),
      connection: this.#slot.connection.describe(),
      micros: Math.round((this.node.clock.monotonic() - this.#startedAt) * 1000),
      outcome,
    })
  }
}

const out = new Writer()

function encode(handler: Handler, header: RequestHead, reply: unknown): readonly Part[] {
  const { apiKey, apiVersion, correlationId } = header
  out.reset()
  const mark = beginFrame(out)
  writeResponseHeader(out, responseHeaderVersion(apiKey, apiVersion), correlationId)
  // The handler's own type says what its reply is; here it has any.
  writer(handler.api.response, apiVersion)(out, reply as never)
  endFrame(out, mark)
  return out.take()
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
