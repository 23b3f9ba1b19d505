import { describe, expect, test } from 'vitest'
import { BatchView } from '../../protocol/records/index.ts'
import { encodeRecord } from '../../src/controller/record-codec.ts'
import { newRecord } from '../../src/controller/records.ts'
import { leaderChangeBatch, type Voter } from '../../src/raft/control-records.ts'
import { BOOTSTRAP_SNAPSHOT, dataBatch, snapshotBytes } from '../../src/raft/snapshot.ts'
import * as apache from './apache-files.ts'

function timeOf(batch: Buffer): number {
  return new BatchView(batch).maxTimestamp
}

const LEVEL_21 = newRecord('FeatureLevelRecord', 0, { name: 'metadata.version', featureLevel: 21 })

const VOTER: Voter = {
  voterId: 1,
  voterDirectoryId: 'hl9TDVcpSVCcOlnyJeZDFA',
  endpoints: [{ name: 'CONTROLLER', host: '127.0.0.1', port: 39193 }],
  kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
}

describe('what we write is what Apache Kafka writes', () => {
  test('the LeaderChange that opens an epoch, with static voters', () => {
    const theirs = apache.STATIC_LOG.subarray(0, 91)
    const place = { baseOffset: 0, epoch: 1, timestampMs: timeOf(theirs) }
    expect(leaderChangeBatch(1, [1], place)).toEqual(theirs)
  })

  test('the first batch of a log whose voters can change', () => {
    const theirs = apache.STANDALONE_LOG_START.subarray(0, 174)
    const place = { baseOffset: 0, epoch: 1, timestampMs: timeOf(theirs) }
    expect(leaderChangeBatch(1, [1], place, [VOTER])).toEqual(theirs)
  })

  test('the bootstrap transaction', () => {
    const theirs = apache.STATIC_LOG.subarray(91, 224)
    const values = [
      newRecord('BeginTransactionRecord', 0, { name: 'Bootstrap records' }),
      LEVEL_21,
      newRecord('EndTransactionRecord', 0, {}),
    ].map(encodeRecord)
    const place = { baseOffset: 1, epoch: 1, timestampMs: timeOf(theirs) }
    expect(dataBatch(values, place)).toEqual(theirs)
  })

  test('an unfencing', () => {
    const theirs = apache.STATIC_LOG.subarray(897, 984)
    const record = newRecord('BrokerRegistrationChangeRecord', 0, {
      brokerId: 1,
      brokerEpoch: 5,
      fenced: -1,
      inControlledShutdown: 0,
      logDirs: [],
      cordonedLogDirs: null,
    })
    const place = { baseOffset: 7, epoch: 1, timestampMs: timeOf(theirs) }
    expect(dataBatch([encodeRecord(record)], place)).toEqual(theirs)
  })

  test('bootstrap.checkpoint, up to the times of its batches', () => {
    const theirs = apache.BOOTSTRAP_CHECKPOINT
    const facts = { id: BOOTSTRAP_SNAPSHOT, lastContainedLogTimestamp: 0, voters: undefined }
    const ours = snapshotBytes(facts, [encodeRecord(LEVEL_21)], timeOf(theirs))
    expect(ours.length).toBe(theirs.length)
    expect(ours.subarray(0, 83)).toEqual(theirs.subarray(0, 83))
    expect(withoutTimes(ours)).toEqual(withoutTimes(theirs))
  })
})

/** Blanks checksum and times of every batch. */
function withoutTimes(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = 0; at < copy.length; at = new BatchView(copy, at).end) {
    copy.fill(0, at + 17, at + 21)
    copy.fill(0, at + 27, at + 43)
  }
  return copy
}
