// What a handler is: an API, the versions that work whole, and a function from request to reply.
// `index.ts` lists them; ApiVersions, dispatch, metrics and documents derive from that list.
import type { Connection } from '../net/connection.ts'
import { assert } from '../../base/assert.ts'
import type { Api, RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import type { Node } from './node.ts'

/** Who asks, and what the reply needs to know of it. Lives as long as the request. */
export interface RequestContext<Reply> {
  readonly node: Node
  readonly version: number
  readonly clientId: string | null
  readonly connection: Connection
  /** The place of this reply in the connection's order, to be filled later. Once per request. */
  later(): Later<Reply>
  /** Runs `release` when the reply's parts are sent, or never will be. */
  whenSent(release: () => void): void
}

/** A part of a reply while a handler fills it in. */
export type Filling<Draft> = { -readonly [Name in keyof Draft]: Draft[Name] }

/** A reply that comes after the handler returned. */
export interface Later<Reply> {
  /** Fills the place; calls after the first, or after the connection closed, are ignored. */
  answer(reply: Reply): void
  /** The request gets no reply (acks=0). */
  skip(): void
  /** Closes the connection instead of answering; `why` goes to the log. */
  close(why: string): void
  /** Runs `left` when the connection closes before the answer. */
  onAbandoned(left: () => void): void
}

export interface Handler {
  readonly api: Api
  readonly min: number
  readonly max: number
  /** The order of effects is fixed when the handler returns, so the next request may start. */
  readonly orderIsFixed: boolean
  /** The same reply object is given for several requests and never changes: it is encoded once. */
  readonly repeatsReplies: boolean
  serve(context: RequestContext<unknown>, request: unknown): unknown
}

/** `versions` is "min-max" or one number: what works whole, and so what is advertised. */
export function handle<A extends Api>(
  api: A,
  versions: string,
  serve: (
    context: RequestContext<ResponseDraft<A>>,
    request: RequestOf<A>,
  ) => ResponseDraft<A> | Later<ResponseDraft<A>>,
  options: { orderIsFixed?: boolean; repeatsReplies?: boolean } = {},
): Handler {
  const [min, max = min] = versions.split('-').map(Number)
  assert(min !== undefined && max !== undefined && min <= max, `${api.name}: versions ${versions}`)
  assert(max <= api.versions.max, `${api.name}: its schema ends at ${api.versions.max}`)
  return {
    api,
    min,
    max,
    orderIsFixed: options.orderIsFixed === true,
    repeatsReplies: options.repeatsReplies === true,
    // Dispatch hands over what this API's own reader decoded.
    serve,
  }
}
