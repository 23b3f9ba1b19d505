// Public entry of samsa/protocol: bytes to messages and back.
export * from './api/index.ts'
export { errorFacts, errorName, errors } from './errors.ts'
export type { ErrorCode, ErrorFacts, ErrorName } from './errors.ts'
export {
  BatchView,
  CONTROL_TYPES,
  Codecs,
  RecordCursor,
  buildBatch,
  buildControlBatch,
  buildMessageSet,
  checkBatch,
  controlRecords,
  controlType,
  crc32c,
  decodeRecords,
  nextBatch,
  readMessageSet,
} from './records/index.ts'
export type {
  BatchFault,
  BatchFields,
  CodecFault,
  ControlRecord,
  DecodedRecord,
  LegacyMessage,
  NewRecord,
  RecordHeader,
} from './records/index.ts'
export { decode, encode, reader, writer } from './schema/codec.ts'
export type {
  Api,
  Draft,
  Listener,
  Message,
  RequestDraft,
  RequestOf,
  ResponseDraft,
  ResponseOf,
  Value,
} from './schema/message.ts'
export * from './state/blobs.ts'
export * from './state/control.ts'
export * from './state/files.ts'
export * from './state/index.ts'
export { beginFrame, endFrame, frameLength } from './wire/frame.ts'
export * from './wire/header.ts'
export type { Part, RecordParts, Region } from './wire/part.ts'
export { MalformedFrame, Reader } from './wire/reader.ts'
export { Unencodable, Writer } from './wire/writer.ts'
export { messageEntries, protocolTables } from './tables.ts'
export type { MessageEntry, MessageKind } from './tables.ts'
export type { FieldTable, MessageTable } from './schema/compare.ts'
