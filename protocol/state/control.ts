// Bodies of control records, which stand in the logs beside ordinary records.
import {
  array,
  int16,
  int32,
  int64,
  message,
  string,
  struct,
  uint16,
  uuid,
} from '../schema/index.ts'

/** The key of a control record, behind its int16 version. */
export const ControlRecordTypeSchema = message('ControlRecordTypeSchema', {
  versions: '0',
  flexible: 'none',
  fields: { type: int16 },
})

/** The value of an ABORT (0) or COMMIT (1) control record, behind its int16 version. */
export const EndTxnMarker = message('EndTxnMarker', {
  versions: '0',
  flexible: 'none',
  fields: { coordinatorEpoch: int32 },
})

const voter = { voterId: int32, voterDirectoryId: uuid.since(1) }

/**
 * Control record 2: the first record of each leader epoch of the metadata log.
 * 1: adds voterDirectoryId
 */
export const LeaderChangeMessage = message('LeaderChangeMessage', {
  versions: '0-1',
  flexible: '0+',
  fields: { version: int16, leaderId: int32, voters: array(voter), grantingVoters: array(voter) },
})

/** Control record 3: the first of a snapshot. */
export const SnapshotHeaderRecord = message('SnapshotHeaderRecord', {
  versions: '0',
  flexible: '0+',
  fields: { version: int16, lastContainedLogTimestamp: int64 },
})

/** Control record 4: the last of a snapshot. */
export const SnapshotFooterRecord = message('SnapshotFooterRecord', {
  versions: '0',
  flexible: '0+',
  fields: { version: int16 },
})

/** Control record 5. */
export const KRaftVersionRecord = message('KRaftVersionRecord', {
  versions: '0',
  flexible: '0+',
  fields: { version: int16, kRaftVersion: int16 },
})

/** Control record 6. */
export const VotersRecord = message('VotersRecord', {
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16,
    voters: array({
      voterId: int32,
      voterDirectoryId: uuid,
      endpoints: array({ name: string, host: string, port: uint16 }),
      kRaftVersionFeature: struct({ minSupportedVersion: int16, maxSupportedVersion: int16 }),
    }),
  },
})
