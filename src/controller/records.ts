// The records of the metadata log as values: a name, a version and a value. Bytes are the affair of
// protocol/state; what a record does is the affair of the part that replays it (state.ts).
import type { ClusterRecord } from '../../protocol/state/index.ts'

export type MetadataRecord = ClusterRecord
export type RecordName = MetadataRecord['name']
export type ValueOf<Name extends RecordName> = Extract<
  MetadataRecord,
  { readonly name: Name }
>['value']

export function newRecord<Name extends RecordName>(
  name: Name,
  version: number,
  value: ValueOf<Name>,
): MetadataRecord {
  return { name, version, value } as unknown as MetadataRecord
}
