// Metadata records as bytes, and which of them this build can continue: a type, record version or
// feature level that it does not implement stops a start before anything is written.
import { metadataRecords } from '../../protocol/state/index.ts'
import {
  decodeMetadata,
  encodeMetadata,
  type MetadataRecord as RecordType,
} from '../../protocol/state/metadata-record.ts'
import { MalformedFrame } from '../../protocol/wire/reader.ts'
import { isFeatureSupported, SUPPORTED_FEATURES } from './features.ts'
import type { MetadataRecord, RecordName } from './records.ts'

export function encodeRecord(record: MetadataRecord): Buffer {
  const type: RecordType = metadataRecords[record.name]
  return encodeMetadata(type, record.version, record.value)
}

/** The record, or a sentence that says what is unknown about it. Keeps no view of `bytes`. */
export function decodeRecord(bytes: Uint8Array): MetadataRecord | string {
  let record: MetadataRecord
  try {
    record = decodeMetadata(metadataRecords, bytes)
  } catch (error) {
    if (error instanceof MalformedFrame) return error.message
    throw error
  }
  return unsupported(record) ?? record
}

/** Highest version where it is not the highest known; -1: not at all. */
const HIGHEST_VERSIONS: Partial<Record<RecordName, number>> = {
  RegisterBrokerRecord: 3,
  BrokerRegistrationChangeRecord: 2,
  PartitionRecord: 1,
  PartitionChangeRecord: 1,
  ClearElrRecord: -1,
  UnregisterControllerRecord: -1,
}

function unsupported(record: MetadataRecord): string | undefined {
  if (record.name === 'FeatureLevelRecord') {
    const { name, featureLevel } = record.value
    if (isFeatureSupported(name, featureLevel)) return undefined
    const { min, max } = SUPPORTED_FEATURES.get(name) ?? { min: 0, max: 0 }
    return `feature ${name} at level ${featureLevel}, where levels ${min} to ${max} are known`
  }
  const highest = HIGHEST_VERSIONS[record.name]
  if (highest === undefined || record.version <= highest) return undefined
  return `${record.name} version ${record.version}`
}
