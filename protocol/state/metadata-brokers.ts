// Records of __cluster_metadata about brokers and controllers.
import {
  array,
  bool,
  int16,
  int32,
  int64,
  int8,
  message,
  string,
  uint16,
  uuid,
} from '../schema/index.ts'

/**
 * 1: adds inControlledShutdown
 * 2: adds isMigratingZkBroker
 * 3: adds logDirs
 * 4: adds cordonedLogDirs
 */
export const RegisterBrokerRecord = message('RegisterBrokerRecord', {
  versions: '0-4',
  flexible: '0+',
  fields: {
    brokerId: int32,
    isMigratingZkBroker: bool.since(2).default(false),
    incarnationId: uuid,
    brokerEpoch: int64,
    endPoints: array({ name: string, host: string, port: uint16, securityProtocol: int16 }),
    features: array({ name: string, minSupportedVersion: int16, maxSupportedVersion: int16 }),
    rack: string.nullable(),
    fenced: bool.default(true),
    inControlledShutdown: bool.since(1).default(false),
    logDirs: array(uuid).since(3).tagged(0),
    cordonedLogDirs: array(uuid).since(4).tagged(1).nullable().default(null),
  },
})

export const UnregisterBrokerRecord = message('UnregisterBrokerRecord', {
  versions: '0',
  flexible: '0+',
  fields: { brokerId: int32, brokerEpoch: int64 },
})

export const FenceBrokerRecord = message('FenceBrokerRecord', {
  versions: '0',
  flexible: '0+',
  fields: { id: int32, epoch: int64 },
})

export const UnfenceBrokerRecord = message('UnfenceBrokerRecord', {
  versions: '0',
  flexible: '0+',
  fields: { id: int32, epoch: int64 },
})

/**
 * 1: adds inControlledShutdown
 * 2: adds logDirs
 * 3: adds cordonedLogDirs
 */
export const BrokerRegistrationChangeRecord = message('BrokerRegistrationChangeRecord', {
  versions: '0-3',
  flexible: '0+',
  fields: {
    brokerId: int32,
    brokerEpoch: int64,
    fenced: int8.tagged(0),
    inControlledShutdown: int8.since(1).tagged(1),
    logDirs: array(uuid).since(2).tagged(2),
    cordonedLogDirs: array(uuid).since(3).tagged(3).nullable().default(null),
  },
})

export const RegisterControllerRecord = message('RegisterControllerRecord', {
  versions: '0',
  flexible: '0+',
  fields: {
    controllerId: int32,
    incarnationId: uuid,
    zkMigrationReady: bool,
    endPoints: array({ name: string, host: string, port: uint16, securityProtocol: int16 }),
    features: array({ name: string, minSupportedVersion: int16, maxSupportedVersion: int16 }),
  },
})

/** New in 4.4 (metadata.version 4.4-IV2). */
export const UnregisterControllerRecord = message('UnregisterControllerRecord', {
  versions: '0',
  flexible: '0+',
  fields: { controllerId: int32 },
})
