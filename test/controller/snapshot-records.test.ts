import { expect, test } from 'vitest'
import { ImagePublisher } from '../../src/controller/publisher.ts'
import { decodeRecord, encodeRecord } from '../../src/controller/record-codec.ts'
import { type MetadataRecord, newRecord } from '../../src/controller/records.ts'
import { snapshotRecords } from '../../src/controller/snapshot-records.ts'

const TOPIC_ID = 'xtSHvXVP-7_CZqwgaj6yiA'
const DIRECTORY = 'hl9TDVcpSVCcOlnyJeZDFA'
const ENDPOINT = { name: 'PLAINTEXT', host: 'localhost', port: 9092, securityProtocol: 0 }
const FEATURE = { name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 21 }

/** One of everything that stays, as a directory of Apache Kafka at level 21 may hold it. */
const EVERYTHING: MetadataRecord[] = [
  newRecord('FeatureLevelRecord', 0, { name: 'metadata.version', featureLevel: 21 }),
  newRecord('RegisterControllerRecord', 0, {
    controllerId: 1,
    incarnationId: TOPIC_ID,
    zkMigrationReady: false,
    endPoints: [ENDPOINT],
    features: [FEATURE],
  }),
  newRecord('RegisterBrokerRecord', 3, {
    brokerId: 1,
    isMigratingZkBroker: false,
    incarnationId: TOPIC_ID,
    brokerEpoch: 7,
    endPoints: [ENDPOINT],
    features: [FEATURE],
    rack: 'a',
    fenced: true,
    inControlledShutdown: true,
    logDirs: [DIRECTORY],
    cordonedLogDirs: null,
  }),
  newRecord('TopicRecord', 0, { name: 'a.b', topicId: TOPIC_ID }),
  newRecord('PartitionRecord', 1, {
    partitionId: 0,
    topicId: TOPIC_ID,
    replicas: [1, 2],
    isr: [2],
    removingReplicas: [1],
    addingReplicas: [2],
    leader: 2,
    leaderRecoveryState: 1,
    leaderEpoch: 5,
    partitionEpoch: 9,
    directories: [DIRECTORY, TOPIC_ID],
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  }),
  newRecord('ConfigRecord', 0, {
    resourceType: 2,
    resourceName: 'a.b',
    name: 'retention.ms',
    value: '1',
  }),
  newRecord('ConfigRecord', 0, { resourceType: 4, resourceName: '', name: 'x', value: '' }),
  newRecord('ClientQuotaRecord', 0, {
    entity: [
      { entityType: 'user', entityName: null },
      { entityType: 'client-id', entityName: 'c' },
    ],
    key: 'producer_byte_rate',
    value: 0.5,
    remove: false,
  }),
  newRecord('ProducerIdsRecord', 0, { brokerId: 1, brokerEpoch: 7, nextProducerId: 3000 }),
  newRecord('AccessControlEntryRecord', 0, {
    id: DIRECTORY,
    resourceType: 2,
    resourceName: '*',
    patternType: 3,
    principal: 'User:a',
    host: '*',
    operation: 3,
    permissionType: 3,
  }),
  newRecord('UserScramCredentialRecord', 0, {
    name: 'a',
    mechanism: 1,
    salt: Buffer.from('salt'),
    storedKey: Buffer.from('stored'),
    serverKey: Buffer.from('server'),
    iterations: 4096,
  }),
  newRecord('DelegationTokenRecord', 0, {
    owner: 'User:a',
    requester: 'User:b',
    renewers: ['User:c'],
    issueTimestamp: 1,
    maxTimestamp: 3,
    expirationTimestamp: 2,
    tokenId: 'token',
  }),
]

function replayed(records: readonly MetadataRecord[]): MetadataRecord[] {
  const publisher = new ImagePublisher('c', 1)
  for (const [offset, record] of records.entries()) publisher.replay(record, offset, 1)
  return [...snapshotRecords(publisher.publish()!.image)]
}

function throughBytes(records: readonly MetadataRecord[]): MetadataRecord[] {
  return records.map((record) => {
    const decoded = decodeRecord(encodeRecord(record))
    if (typeof decoded === 'string') throw new Error(decoded)
    return decoded
  })
}

test('a snapshot holds everything, in the order in which Apache Kafka writes it', () => {
  expect(replayed(EVERYTHING)).toEqual(EVERYTHING)
})

test('what a snapshot brought back makes the same snapshot', () => {
  expect(throughBytes(replayed(throughBytes(EVERYTHING)))).toEqual(throughBytes(EVERYTHING))
})

test('what was removed is not in it', () => {
  const removals: MetadataRecord[] = [
    newRecord('RemoveTopicRecord', 0, { topicId: TOPIC_ID }),
    newRecord('ConfigRecord', 0, { resourceType: 4, resourceName: '', name: 'x', value: null }),
    newRecord('ClientQuotaRecord', 0, {
      entity: [
        { entityType: 'client-id', entityName: 'c' },
        { entityType: 'user', entityName: null },
      ],
      key: 'producer_byte_rate',
      value: 0,
      remove: true,
    }),
    newRecord('RemoveAccessControlEntryRecord', 0, { id: DIRECTORY }),
    newRecord('RemoveUserScramCredentialRecord', 0, { name: 'a', mechanism: 1 }),
    newRecord('RemoveDelegationTokenRecord', 0, { tokenId: 'token' }),
    newRecord('UnregisterBrokerRecord', 0, { brokerId: 1, brokerEpoch: 7 }),
  ]
  expect(replayed([...EVERYTHING, ...removals]).map(({ name }) => name)).toEqual([
    'FeatureLevelRecord',
    'RegisterControllerRecord',
    'ProducerIdsRecord',
  ])
})

test('a transaction shows when it ends, and not at all when it is aborted', () => {
  const publisher = new ImagePublisher('c', 1)
  const topic = newRecord('TopicRecord', 0, { name: 't', topicId: TOPIC_ID })
  const begin = newRecord('BeginTransactionRecord', 0, { name: 'x' })
  publisher.replay(begin, 0, 1)
  publisher.replay(topic, 1, 1)
  publisher.advance(1, 1)
  expect(publisher.publish()).toBeUndefined()
  publisher.replay(newRecord('AbortTransactionRecord', 0, { reason: null }), 2, 1)
  expect(publisher.publish()!.image).toMatchObject({ offset: 2, topicsById: { size: 0 } })
  publisher.replay(begin, 3, 1)
  publisher.replay(topic, 4, 1)
  publisher.replay(newRecord('EndTransactionRecord', 0, {}), 5, 1)
  expect(publisher.publish()!.image).toMatchObject({ offset: 5, topicsById: { size: 1 } })
})
