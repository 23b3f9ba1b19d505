// Messages and APIs: a named shape with its versions, stated once. Compiled at first use
// (codec.ts).
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import type { DraftOf, Read, Shape } from './field.ts'
import { kindOf } from './field.ts'
import type { Kind, Place } from './kind.ts'
import type { VersionRange } from './versions.ts'
import { parseFlexible, parseVersions } from './versions.ts'

export interface Message<S extends Shape = Shape> {
  readonly name: string
  readonly versions: VersionRange
  /** The first flexible version, Infinity if none is. */
  readonly flexible: number
  readonly fields: S
  readonly kind: Kind
  /** What codec.ts made so far, by version. */
  readonly made: Made
}

interface Made {
  readonly readers: ((reader: Reader) => unknown)[]
  readonly writers: ((writer: Writer, draft: unknown) => void)[]
}

export interface Api<Request extends Shape = Shape, Response extends Shape = Shape> {
  readonly key: number
  readonly name: string
  readonly versions: VersionRange
  /** The first flexible version, Infinity if none is. */
  readonly flexible: number
  /** Kinds of listeners on which Apache Kafka serves it. */
  readonly listeners: readonly Listener[]
  /** The highest version is not served unless unstable versions are asked for. */
  readonly latestVersionUnstable: boolean
  readonly request: Message<Request>
  readonly response: Message<Response>
}

export type Listener = 'broker' | 'controller'

/** The value a reader of this message gives: every field is present. */
export type Value<M extends { readonly fields: Shape }> = Read<M['fields']>
/** The value a writer of this message accepts: fields with a default may be missing. */
export type Draft<M extends { readonly fields: Shape }> = DraftOf<M['fields']>

type Sides = { readonly request: { fields: Shape }; readonly response: { fields: Shape } }
export type RequestOf<A extends Sides> = Value<A['request']>
export type RequestDraft<A extends Sides> = Draft<A['request']>
export type ResponseOf<A extends Sides> = Value<A['response']>
export type ResponseDraft<A extends Sides> = Draft<A['response']>

export interface MessageFacts<S extends Shape> {
  /** "0-4" or "0". */
  readonly versions: string
  /** "3+" or "none". */
  readonly flexible: string
  readonly fields: S
}

export interface ApiFacts<Request extends Shape, Response extends Shape> {
  readonly versions: string
  readonly flexible: string
  /** Default: the broker's. */
  readonly listeners?: readonly Listener[]
  readonly latestVersionUnstable?: boolean
  readonly request: Request
  readonly response: Response
}

export function message<S extends Shape>(name: string, facts: MessageFacts<S>): Message<S> {
  return {
    name,
    versions: parseVersions(facts.versions),
    flexible: parseFlexible(facts.flexible),
    fields: facts.fields,
    kind: kindOf(facts.fields),
    made: { readers: [], writers: [] },
  }
}

export function api<Request extends Shape, Response extends Shape>(
  key: number,
  name: string,
  facts: ApiFacts<Request, Response>,
): Api<Request, Response> {
  const { versions, flexible } = facts
  const request = message(`${name}Request`, { versions, flexible, fields: facts.request })
  const response = message(`${name}Response`, { versions, flexible, fields: facts.response })
  return {
    key,
    name,
    versions: request.versions,
    flexible: request.flexible,
    listeners: facts.listeners ?? ['broker'],
    latestVersionUnstable: facts.latestVersionUnstable ?? false,
    request,
    response,
  }
}

/** Where the body of a message stands in `version`. */
export function bodyPlace(of: Message, version: number): Place {
  const flexible = version >= of.flexible
  return { version, compact: flexible, flexible, nullable: false, inTag: false, path: of.name }
}
