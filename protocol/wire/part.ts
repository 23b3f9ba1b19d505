// What an encoded message consists of: bytes, and regions that leave by a shorter way than a copy
// (a file region sent by the connection: docs/architecture.md, performance D17).

/** Bytes that are somewhere else; whoever made it knows where. */
export interface Region {
  readonly kind: 'region'
  readonly byteLength: number
}

export type Part = Uint8Array | Region

/** The value of a `records` field when it is written without being copied together first. */
export interface RecordParts {
  readonly kind: 'parts'
  readonly byteLength: number
  readonly parts: readonly Part[]
}
