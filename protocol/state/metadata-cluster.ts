// Records of __cluster_metadata about configuration, features, quotas, producer ids, and of the
// log itself.
import {
  array,
  bool,
  float64,
  int16,
  int32,
  int64,
  int8,
  message,
  string,
} from '../schema/index.ts'

export const ConfigRecord = message('ConfigRecord', {
  versions: '0',
  flexible: '0+',
  fields: { resourceType: int8, resourceName: string, name: string, value: string.nullable() },
})

export const FeatureLevelRecord = message('FeatureLevelRecord', {
  versions: '0',
  flexible: '0+',
  fields: { name: string, featureLevel: int16 },
})

export const ClientQuotaRecord = message('ClientQuotaRecord', {
  versions: '0',
  flexible: '0+',
  fields: {
    entity: array({ entityType: string, entityName: string.nullable() }),
    key: string,
    value: float64,
    remove: bool,
  },
})

export const ProducerIdsRecord = message('ProducerIdsRecord', {
  versions: '0',
  flexible: '0+',
  fields: { brokerId: int32, brokerEpoch: int64.default(-1), nextProducerId: int64 },
})

/** Keeps the high watermark of the metadata log moving; changes nothing. */
export const NoOpRecord = message('NoOpRecord', {
  versions: '0',
  flexible: '0+',
  fields: {},
})

/** Written only by releases that could migrate from ZooKeeper (3.4 to 3.9); still parsed. */
export const ZkMigrationStateRecord = message('ZkMigrationStateRecord', {
  versions: '0',
  flexible: '0+',
  fields: { zkMigrationState: int8 },
})

export const BeginTransactionRecord = message('BeginTransactionRecord', {
  versions: '0',
  flexible: '0+',
  fields: { name: string.tagged(0).nullable().default(null) },
})

export const EndTransactionRecord = message('EndTransactionRecord', {
  versions: '0',
  flexible: '0+',
  fields: {},
})

export const AbortTransactionRecord = message('AbortTransactionRecord', {
  versions: '0',
  flexible: '0+',
  fields: { reason: string.tagged(0).nullable().default(null) },
})
