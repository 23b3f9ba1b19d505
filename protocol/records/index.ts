// Records: the part of a Produce and a Fetch that stays bytes. Everything that the layers above
// use.
export * from './batch.ts'
export { crc32c } from './crc32c.ts'
export { type BatchFields, type NewRecord, buildBatch } from './builder.ts'
export { type CodecFault, Codecs } from './compression/codecs.ts'
export * from './control.ts'
export {
  type DecodedRecord,
  type RecordBytes,
  type RecordHeader,
  decodeHeaders,
  decodeRecord,
  decodeRecords,
  recordBytes,
} from './decode.ts'
export { RecordCursor, type RecordFault, addTimestamp } from './record.ts'
export { type LegacyFields, type LegacyMessage, buildMessageSet, readMessageSet } from './legacy.ts'
