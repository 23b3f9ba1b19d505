// The vocabulary in which messages are stated, and the types that follow from it. A field is a kind
// and its facts; modifiers give a new field. Knows nothing of any message.
//
// A read value has every field. A draft, what is written, may leave out a field that has an
// explicit default, is tagged, is ignorable or is absent in some versions.
import type { RecordParts } from '../wire/part.ts'
import { bytesKind, recordsKind, stringKind } from './blobs.ts'
import { ArrayKind, StructKind } from './compound.ts'
import type { Kind, Member } from './kind.ts'
import * as scalars from './scalars.ts'

/** The fields of a struct, in the order of the wire. One shape serves all versions. */
export interface Shape {
  readonly [name: string]: Field<Slot, boolean>
}

/** What a field holds, when it was read and to be written. Types only; named, so that they stay
 * short. */
export interface Slot {
  readonly read: unknown
  readonly write: unknown
}

export interface Leaf<Value, Draft = Value> extends Slot {
  readonly read: Value
  readonly write: Draft
}

export interface StructOf<S> extends Slot {
  readonly read: Read<S>
  readonly write: DraftOf<S>
}

export interface ArrayOf<S> extends Slot {
  readonly read: readonly Read<S>[]
  readonly write: readonly DraftOf<S>[]
}

export interface ListOf<Item extends Slot> extends Slot {
  readonly read: readonly Item['read'][]
  readonly write: readonly Item['write'][]
}

export interface OrNull<Inner extends Slot> extends Slot {
  readonly read: Inner['read'] | null
  readonly write: Inner['write'] | null
}

/** What a reader gives for a shape. */
export type Read<S> = {
  readonly [Name in keyof S]: S[Name] extends { readonly $slot: infer T extends Slot }
    ? T['read']
    : never
}

/** What a writer accepts for a shape. */
export type DraftOf<S> = {
  readonly [Name in RequiredNames<S>]: WriteOf<S[Name]>
} & {
  readonly [Name in Exclude<keyof S, RequiredNames<S>>]?: WriteOf<S[Name]> | undefined
}

type WriteOf<F> = F extends { readonly $slot: infer T extends Slot } ? T['write'] : never
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

export class Field<T extends Slot, Optional extends boolean = false> {
  /** Types only. */
  declare readonly $slot: T
  declare readonly $optional: Optional
  readonly kind: Kind
  readonly facts: Facts

  constructor(kind: Kind, facts: Facts = PLAIN) {
    this.kind = kind
    this.facts = facts
  }

  /** Present from version `version` on. */
  since(version: number): Field<T, true> {
    return new Field(this.kind, { ...this.facts, since: version, optional: true })
  }

  /** Present up to version `version`. */
  until(version: number): Field<T, true> {
    return new Field(this.kind, { ...this.facts, until: version, optional: true })
  }

  /** Present from version `first` to version `last`. */
  between(first: number, last: number): Field<T, true> {
    return new Field(this.kind, { ...this.facts, since: first, until: last, optional: true })
  }

  /** May be null, from version `from` on; the default stays what it is. */
  nullable(from = 0): Field<OrNull<T>, Optional> {
    return new Field(this.kind, { ...this.facts, nullableFrom: from })
  }

  /** Stands in the tag section, from version `from` on. */
  tagged(tag: number, from = 0): Field<T, true> {
    return new Field(this.kind, { ...this.facts, tag, taggedFrom: from, optional: true })
  }

  /** The value where the version or the draft lacks the field; without it zero, "", empty. */
  default(value: T['write']): Field<T, true> {
    return new Field(this.kind, { ...this.facts, default: value, optional: true })
  }

  /** Silently dropped where the version lacks it; other fields are then an error. */
  ignorable(): Field<T, true> {
    return new Field(this.kind, { ...this.facts, ignorable: true, optional: true })
  }

  /** Classic encoding in flexible versions too. */
  classic(): Field<T, Optional> {
    return new Field(this.kind, { ...this.facts, classic: true })
  }
}

export const bool = new Field<Leaf<boolean>>(scalars.boolKind)
export const int8 = new Field<Leaf<number>>(scalars.int8Kind)
export const int16 = new Field<Leaf<number>>(scalars.int16Kind)
export const uint16 = new Field<Leaf<number>>(scalars.uint16Kind)
export const int32 = new Field<Leaf<number>>(scalars.int32Kind)
export const uint32 = new Field<Leaf<number>>(scalars.uint32Kind)
/** Saturates to +-Infinity beyond +-2^53. */
export const int64 = new Field<Leaf<number>>(scalars.int64Kind)
export const float64 = new Field<Leaf<number>>(scalars.float64Kind)
/** 22 characters of unpadded URL-safe base64. */
export const uuid = new Field<Leaf<string>>(scalars.uuidKind)
export const string = new Field<Leaf<string>>(stringKind)
/** Read as a view of the frame. */
export const bytes = new Field<Leaf<Buffer, Uint8Array>>(bytesKind)
/** Read as a view of the frame; may be written from parts. */
export const records = new Field<Leaf<Buffer, Uint8Array | RecordParts>>(recordsKind)

export function array<T extends Slot>(item: Field<T, boolean>): Field<ListOf<T>>
export function array<S extends Shape>(item: S): Field<ArrayOf<S>>
export function array(item: Field<Slot, boolean> | Shape): Field<Slot> {
  return new Field(new ArrayKind(item instanceof Field ? item.kind : kindOf(item)))
}

export function struct<S extends Shape>(shape: S): Field<StructOf<S>> {
  return new Field(kindOf(shape))
}

/** The kind of a struct with these fields. */
export function kindOf(shape: Shape): Kind {
  return new StructKind(() =>
    Object.entries(shape).map(([name, { kind, facts }]) => ({ name, kind, ...facts })),
  )
}
