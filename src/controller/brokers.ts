// Registration, fencing and controlled shutdown of brokers (KIP-631), and the leadership that
// follows them. A registration starts fenced; its broker epoch is the offset of its record.
import { assert } from '../../base/assert.ts'
import { ONE_UUID, type Uuid, ZERO_UUID } from '../../base/uuid.ts'
import { errors } from '../../protocol/errors.ts'
import {
  assignsDirectories,
  METADATA_VERSION,
  metadataVersionOf,
  registerBrokerRecordVersion,
} from './features.ts'
import type { BrokerImage } from './image.ts'
import type {
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
  UnregisterBrokerRequest,
  UnregisterBrokerResponse,
} from './messages.ts'
import { withBroker, withoutBroker } from './partition-change.ts'
import { newRecord, type ValueOf, type MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'
import type { ConfigValidators } from './validators.ts'

type BrokerRecord = Extract<
  MetadataRecord,
  {
    readonly name:
      | 'RegisterBrokerRecord'
      | 'UnregisterBrokerRecord'
      | 'FenceBrokerRecord'
      | 'UnfenceBrokerRecord'
      | 'BrokerRegistrationChangeRecord'
      | 'RegisterControllerRecord'
  }
>

const UNFENCE = -1
const FENCE = 1
const IN_CONTROLLED_SHUTDOWN = 1

export function replayBroker(state: MetadataState, record: BrokerRecord): void {
  switch (record.name) {
    case 'RegisterBrokerRecord':
      setBroker(state, brokerOf(record.value))
      return
    case 'UnregisterBrokerRecord': {
      const { brokerId, brokerEpoch } = record.value
      registered(state, brokerId, brokerEpoch)
      state.brokers.delete(brokerId)
      state.touched?.brokers.add(brokerId)
      return
    }
    case 'FenceBrokerRecord':
      setBroker(state, { ...registered(state, record.value.id, record.value.epoch), fenced: true })
      return
    case 'UnfenceBrokerRecord':
      setBroker(state, { ...registered(state, record.value.id, record.value.epoch), fenced: false })
      return
    case 'BrokerRegistrationChangeRecord':
      changeBroker(state, record.value)
      return
    case 'RegisterControllerRecord':
      state.controllers.set(record.value.controllerId, record.value)
  }
}

function brokerOf(body: ValueOf<'RegisterBrokerRecord'>): BrokerImage {
  const endpoints = body.endPoints.map((endpoint) => [endpoint.name, endpoint] as const)
  const features = body.features.map(
    ({ name, minSupportedVersion: min, maxSupportedVersion: max }) => [name, { min, max }] as const,
  )
  return {
    id: body.brokerId,
    epoch: body.brokerEpoch,
    incarnationId: body.incarnationId,
    endpoints: new Map(endpoints),
    features: new Map(features),
    rack: body.rack,
    fenced: body.fenced,
    inControlledShutdown: body.inControlledShutdown,
    directories: body.logDirs,
  }
}

function changeBroker(state: MetadataState, body: ValueOf<'BrokerRegistrationChangeRecord'>): void {
  const before = registered(state, body.brokerId, body.brokerEpoch)
  setBroker(state, {
    ...before,
    fenced: body.fenced === 0 ? before.fenced : body.fenced === FENCE,
    inControlledShutdown: before.inControlledShutdown || body.inControlledShutdown !== 0,
    directories: body.logDirs.length > 0 ? body.logDirs : before.directories,
  })
}

function registered(state: MetadataState, id: number, epoch: number): BrokerImage {
  const broker = state.brokers.get(id)
  assert(broker?.epoch === epoch, `broker ${id} is not registered with epoch ${epoch}`)
  return broker
}

function setBroker(state: MetadataState, broker: BrokerImage): void {
  state.brokers.set(broker.id, broker)
  state.touched?.brokers.add(broker.id)
}

export interface RegistrationContext {
  readonly clusterId: string
  /** Where the registration's first record will be written. */
  readonly nextOffset: number
  readonly validators: ConfigValidators
  /**
   * Whether another incarnation of that broker may still be alive. The single voter of a node with
   * both roles knows that its own former incarnation was the former process, and that is gone.
   */
  hasLiveSession(broker: BrokerImage): boolean
}

export interface BrokerOutcome<Reply> {
  readonly records: readonly MetadataRecord[]
  readonly reply: Reply
}

export function registerBroker(
  state: MetadataState,
  request: BrokerRegistrationRequest,
  context: RegistrationContext,
): BrokerOutcome<BrokerRegistrationResponse> {
  const existing = state.brokers.get(request.brokerId)
  const error = registrationError(state, request, context)
  if (error !== 0) {
    return { records: [], reply: { throttleTimeMs: 0, errorCode: error, brokerEpoch: -1 } }
  }
  const records: MetadataRecord[] = []
  const amends = existing?.incarnationId === request.incarnationId
  if (!amends) records.push(...withoutBroker(state, request.brokerId, context.validators))
  const brokerEpoch = amends ? existing.epoch : context.nextOffset + records.length
  const metadataVersion = metadataVersionOf(state)
  const body = {
    brokerId: request.brokerId,
    isMigratingZkBroker: false,
    incarnationId: request.incarnationId,
    brokerEpoch,
    endPoints: request.listeners,
    features: request.features,
    rack: request.rack,
    fenced: amends ? existing.fenced : true,
    inControlledShutdown: amends ? existing.inControlledShutdown : false,
    logDirs: assignsDirectories(metadataVersion) ? request.logDirs : [],
    cordonedLogDirs: null,
  }
  const version = registerBrokerRecordVersion(metadataVersion)
  records.push(newRecord('RegisterBrokerRecord', version, body))
  return { records, reply: { throttleTimeMs: 0, errorCode: 0, brokerEpoch } }
}

function registrationError(
  state: MetadataState,
  request: BrokerRegistrationRequest,
  context: RegistrationContext,
): number {
  if (request.clusterId !== context.clusterId) return errors.INCONSISTENT_CLUSTER_ID
  const existing = state.brokers.get(request.brokerId)
  const other = existing !== undefined && existing.incarnationId !== request.incarnationId
  if (other && context.hasLiveSession(existing)) return errors.DUPLICATE_BROKER_REGISTRATION
  if (request.isMigratingZkBroker) return errors.BROKER_ID_NOT_REGISTERED
  if (assignsDirectories(metadataVersionOf(state))) {
    const { logDirs } = request
    if (logDirs.length === 0 || logDirs.some(isReservedDirectory))
      return errors.INVALID_REGISTRATION
    if (new Set(logDirs).size !== logDirs.length) return errors.INVALID_REGISTRATION
    for (const broker of state.brokers.values()) {
      if (broker.id === request.brokerId) continue
      if (broker.directories.some((id) => logDirs.includes(id))) return errors.INVALID_REGISTRATION
    }
  }
  const ranges = new Map(request.features.map((feature) => [feature.name, feature]))
  if (!ranges.has(METADATA_VERSION)) return errors.INVALID_REGISTRATION
  for (const [name, level] of state.features) {
    const range = ranges.get(name)
    const min = range?.minSupportedVersion ?? 0
    const max = range?.maxSupportedVersion ?? 0
    if (level < min || level > max) return errors.UNSUPPORTED_VERSION
  }
  return 0
}

/** Kafka keeps the ids whose upper 64 bits are 0 and whose value is below 100. */
export function isReservedDirectory(id: Uuid): boolean {
  return id === ZERO_UUID || id === ONE_UUID || id.startsWith('AAAAAAAAAAAAAAAAAAAA')
}

/** Fencing, unfencing and controlled shutdown, as the broker asks and the log allows. */
export function brokerHeartbeat(
  state: MetadataState,
  request: BrokerHeartbeatRequest,
  validators: ConfigValidators,
): BrokerOutcome<BrokerHeartbeatResponse> {
  const broker = state.brokers.get(request.brokerId)
  const error = brokerEpochError(state, request.brokerId, request.brokerEpoch)
  if (broker === undefined || error !== 0) {
    const draft = { isCaughtUp: false, isFenced: true, shouldShutDown: false }
    return { records: [], reply: { throttleTimeMs: 0, errorCode: error, ...draft } }
  }
  const isCaughtUp = request.currentMetadataOffset >= broker.epoch
  const next = nextBrokerState(state, broker, request)
  const records: MetadataRecord[] = []
  if (next === 'unfenced' && broker.fenced) {
    records.push(registrationChange(broker, { fenced: UNFENCE }))
    records.push(...withBroker(state, broker.id, validators))
  } else if ((next === 'fenced' || next === 'shutdown-now') && !broker.fenced) {
    records.push(...withoutBroker(state, broker.id, validators))
    records.push(registrationChange(broker, { fenced: FENCE }))
  } else if (next === 'controlled-shutdown' && !broker.inControlledShutdown) {
    records.push(registrationChange(broker, { inControlledShutdown: IN_CONTROLLED_SHUTDOWN }))
    records.push(...withoutBroker(state, broker.id, validators))
  }
  const reply = {
    throttleTimeMs: 0,
    errorCode: 0,
    isCaughtUp,
    isFenced: next === 'fenced' || next === 'shutdown-now',
    shouldShutDown: next === 'shutdown-now',
  }
  return { records, reply }
}

type BrokerState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shutdown-now'

function nextBrokerState(
  state: MetadataState,
  broker: BrokerImage,
  request: BrokerHeartbeatRequest,
): BrokerState {
  if (broker.fenced) {
    if (request.wantShutDown) return 'shutdown-now'
    if (request.wantFence || request.currentMetadataOffset < broker.epoch) return 'fenced'
    return 'unfenced'
  }
  if (request.wantFence) return request.wantShutDown ? 'shutdown-now' : 'fenced'
  if (!request.wantShutDown && !broker.inControlledShutdown) return 'unfenced'
  return hasLeaderships(state, broker.id) ? 'controlled-shutdown' : 'shutdown-now'
}

function hasLeaderships(state: MetadataState, id: number): boolean {
  for (const topic of state.topicsById.values()) {
    if (topic.partitions.some(({ leader }) => leader === id)) return true
  }
  return false
}

export function unregisterBroker(
  state: MetadataState,
  request: UnregisterBrokerRequest,
  validators: ConfigValidators,
): BrokerOutcome<UnregisterBrokerResponse> {
  const { brokerId } = request
  const broker = state.brokers.get(brokerId)
  if (broker === undefined) {
    const errorMessage = `Broker ID ${brokerId} is not currently registered`
    const errorCode = errors.BROKER_ID_NOT_REGISTERED
    return { records: [], reply: { throttleTimeMs: 0, errorCode, errorMessage } }
  }
  const records = withoutBroker(state, brokerId, validators)
  const body = { brokerId, brokerEpoch: broker.epoch }
  records.push(newRecord('UnregisterBrokerRecord', 0, body))
  return { records, reply: { throttleTimeMs: 0, errorCode: 0, errorMessage: null } }
}

/** What every request of a broker about itself passes first. */
export function brokerEpochError(state: MetadataState, id: number, epoch: number): number {
  const broker = state.brokers.get(id)
  return broker === undefined || broker.epoch !== epoch ? errors.STALE_BROKER_EPOCH : 0
}

function registrationChange(
  broker: BrokerImage,
  change: { readonly fenced?: number; readonly inControlledShutdown?: number },
): MetadataRecord {
  const version = change.inControlledShutdown === undefined ? 0 : 1
  return newRecord('BrokerRegistrationChangeRecord', version, {
    brokerId: broker.id,
    brokerEpoch: broker.epoch,
    fenced: change.fenced ?? 0,
    inControlledShutdown: change.inControlledShutdown ?? 0,
    logDirs: [],
    cordonedLogDirs: null,
  })
}
