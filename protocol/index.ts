// Public entry of samsa/protocol: bytes to messages and back.
export type { Part, RecordParts, Region } from './wire/part.ts'
