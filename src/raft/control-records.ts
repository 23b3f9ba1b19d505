// Control records of the metadata log and its snapshots (KIP-595, 630, 853): their bodies, in the
// versions that Apache Kafka writes, and the batches that they stand in.
import type { Uuid } from '../../base/uuid.ts'
import {
  buildControlBatch,
  CONTROL_TYPES,
  type ControlRecord,
} from '../../protocol/records/index.ts'
import { decode, encode } from '../../protocol/schema/codec.ts'
import {
  KRaftVersionRecord,
  LeaderChangeMessage,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
  VotersRecord,
} from '../../protocol/state/control.ts'

export interface VoterEndpoint {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** A voter as the Voters control record states it. */
export interface Voter {
  readonly voterId: number
  readonly voterDirectoryId: Uuid
  readonly endpoints: readonly VoterEndpoint[]
  readonly kRaftVersionFeature: {
    readonly minSupportedVersion: number
    readonly maxSupportedVersion: number
  }
}

export interface BatchPlace {
  readonly baseOffset: number
  readonly epoch: number
  /** Wall time (milliseconds) of every record. */
  readonly timestampMs: number
}

/** What a leader appends first in its epoch; with kraft.version 1 and an empty log, voters too. */
export function leaderChangeBatch(
  leaderId: number,
  voterIds: readonly number[],
  place: BatchPlace,
  voterSet?: readonly Voter[],
): Buffer {
  const voters = voterIds.map((voterId) => ({ voterId }))
  const change = { version: 0, leaderId, voters, grantingVoters: voters }
  const records: ControlRecord[] = [
    { type: CONTROL_TYPES.leaderChange, value: encode(LeaderChangeMessage, 0, change) },
  ]
  if (voterSet !== undefined) records.push(...voterRecords(voterSet))
  return controlBatch(records, place)
}

/** The first batch of a snapshot. `voterSet` from kraft.version 1 on. */
export function snapshotHeaderBatch(
  lastContainedLogTimestamp: number,
  place: BatchPlace,
  voterSet?: readonly Voter[],
): Buffer {
  const header = encode(SnapshotHeaderRecord, 0, { version: 0, lastContainedLogTimestamp })
  const records: ControlRecord[] = [{ type: CONTROL_TYPES.snapshotHeader, value: header }]
  if (voterSet !== undefined) records.push(...voterRecords(voterSet))
  return controlBatch(records, place)
}

export function snapshotFooterBatch(place: BatchPlace): Buffer {
  const value = encode(SnapshotFooterRecord, 0, { version: 0 })
  return controlBatch([{ type: CONTROL_TYPES.snapshotFooter, value }], place)
}

/** kraft.version 1 with these voters. */
function voterRecords(voters: readonly Voter[]): ControlRecord[] {
  return [
    {
      type: CONTROL_TYPES.kraftVersion,
      value: encode(KRaftVersionRecord, 0, { version: 0, kRaftVersion: 1 }),
    },
    {
      type: CONTROL_TYPES.kraftVoters,
      value: encode(VotersRecord, 0, { version: 0, voters }),
    },
  ]
}

export function kraftVersionOf({ value }: ControlRecord): number {
  return decode(KRaftVersionRecord, 0, value).kRaftVersion
}

export function votersOf({ value }: ControlRecord): readonly Voter[] {
  return decode(VotersRecord, 0, value).voters
}

function controlBatch(records: readonly ControlRecord[], place: BatchPlace): Buffer {
  const fields = { baseOffset: place.baseOffset, partitionLeaderEpoch: place.epoch }
  return buildControlBatch(records, place.timestampMs, fields)
}
