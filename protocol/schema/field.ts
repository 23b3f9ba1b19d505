// The vocabulary in which messages are stated, and the types that follow from it. A field is a kind
// and its facts; modifiers give a new field. Knows nothing of any message.
//
// A read value has every field. A draft, what is written, may leave out a field that has an explicit
// default, is tagged, is ignorable or is absent in some versions.
import type { RecordParts } from '../wire/part.ts'
import { bytesKind, recordsKind, stringKind } from './blobs.ts'
import { ArrayKind, StructKind } from './compound.ts'
import type { Kind, Member } from './kind.ts'
import * as scalars from './scalars.ts'

/** The fields of a struct, in the order of the wire. One shape serves all versions. */
export interface Shape {
  readonly [name: string]: Field<unknown, unknown, boolean>
}

/** What a reader gives for a shape. */
export type Read<S> = { readonly [Name in keyof S]: ReadOf<S[Name]> }

/** What a writer accepts for a shape. */
export type DraftOf<S> = {
  readonly [Name in RequiredNames<S>]: WriteOf<S[Name]>
} & {
  readonly [Name in Exclude<keyof S, RequiredNames<S>>]?: WriteOf<S[Name]> | undefined
}

type ReadOf<F> = F extends { readonly $read: infer Value } ? Value : never
type WriteOf<F> = F extends { readonly $write: infer Value } ? Value : never
type RequiredNames<S> = {
  [Name in keyof S]: S[Name] extends { readonly $optional: false } ? Name : never
}[keyof S]

type Facts = Omit<Member, 'name' | 'kind'>

const PLAIN: Facts = {
  since: 0,
  until: Infinity,
  nullableFrom: Infinity,
  tag: undefined,
  taggedFrom: Infinity,
  default: undefined,
  ignorable: false,
  classic: false,
  optional: false,
}

export class Field<Value, Draft = Value, Optional extends boolean = false> {
  /** Types only. */
  declare readonly $read: Value
  declare readonly $write: Draft
  declare readonly $optional: Optional
  readonly kind: Kind
  readonly facts: Facts

  constructor(kind: Kind, facts: Facts = PLAIN) {
    this.kind = kind
    this.facts = facts
  }

  /** Present from version `version` on. */
  since(version: number): Field<Value, Draft, true> {
    return new Field(this.kind, { ...this.facts, since: version, optional: true })
  }

  /** Present up to version `version`. */
  until(version: number): Field<Value, Draft, true> {
    return new Field(this.kind, { ...this.facts, until: version, optional: true })
  }

  /** Present from version `first` to version `last`. */
  between(first: number, last: number): Field<Value, Draft, true> {
    return new Field(this.kind, { ...this.facts, since: first, until: last, optional: true })
  }

  /** May be null, from version `from` on; the default stays what it is. */
  nullable(from = 0): Field<Value | null, Draft | null, Optional> {
    return new Field(this.kind, { ...this.facts, nullableFrom: from })
  }

  /** Stands in the tag section, from version `from` on. */
  tagged(tag: number, from = 0): Field<Value, Draft, true> {
    return new Field(this.kind, { ...this.facts, tag, taggedFrom: from, optional: true })
  }

  /** The value where the version or the draft lacks the field; without it zero, "", empty. */
  default(value: Draft): Field<Value, Draft, true> {
    return new Field(this.kind, { ...this.facts, default: value, optional: true })
  }

  /** Silently dropped where the version lacks it; other fields are then an error. */
  ignorable(): Field<Value, Draft, true> {
    return new Field(this.kind, { ...this.facts, ignorable: true, optional: true })
  }

  /** Classic encoding in flexible versions too. */
  classic(): Field<Value, Draft, Optional> {
    return new Field(this.kind, { ...this.facts, classic: true })
  }
}

export const bool = new Field<boolean>(scalars.boolKind)
export const int8 = new Field<number>(scalars.int8Kind)
export const int16 = new Field<number>(scalars.int16Kind)
export const uint16 = new Field<number>(scalars.uint16Kind)
export const int32 = new Field<number>(scalars.int32Kind)
export const uint32 = new Field<number>(scalars.uint32Kind)
/** Saturates to +-Infinity beyond +-2^53. */
export const int64 = new Field<number>(scalars.int64Kind)
export const float64 = new Field<number>(scalars.float64Kind)
/** 22 characters of unpadded URL-safe base64. */
export const uuid = new Field<string>(scalars.uuidKind)
export const string = new Field<string>(stringKind)
/** Read as a view of the frame. */
export const bytes = new Field<Buffer, Uint8Array>(bytesKind)
/** Read as a view of the frame; may be written from parts. */
export const records = new Field<Buffer, Uint8Array | RecordParts>(recordsKind)

export function array<Value, Draft>(
  item: Field<Value, Draft, boolean>,
): Field<readonly Value[], readonly Draft[]>
export function array<S extends Shape>(item: S): Field<readonly Read<S>[], readonly DraftOf<S>[]>
export function array(item: Field<unknown, unknown, boolean> | Shape): Field<readonly unknown[]> {
  return new Field(new ArrayKind(item instanceof Field ? item.kind : kindOf(item)))
}

export function struct<S extends Shape>(shape: S): Field<Read<S>, DraftOf<S>> {
  return new Field(kindOf(shape))
}

/** The kind of a struct with these fields. */
export function kindOf(shape: Shape): Kind {
  return new StructKind(() =>
    Object.entries(shape).map(([name, { kind, facts }]) => ({ name, kind, ...facts })),
  )
}
