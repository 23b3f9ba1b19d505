// The controller machine: requests about metadata in, records and replies out. Each concern is a
// file of its own; this one only routes, and does what an active controller does first: it writes
// the bootstrap records of an empty log, or aborts a transaction that its predecessor left open.
import { unreachable } from '../../base/assert.ts'
import type { Effect, Machine, Surroundings } from '../machine/machine.ts'
import { alterConfigs, incrementalAlterConfigs } from './alter-configs.ts'
import {
  brokerHeartbeat,
  registerBroker,
  type RegistrationContext,
  unregisterBroker,
} from './brokers.ts'
import { createPartitions } from './create-partitions.ts'
import { createTopics } from './create-topics.ts'
import { deleteTopics, type DeletionRights } from './delete-topics.ts'
import { hasMetadataTransactions, METADATA_VERSION, updateFeatures } from './features.ts'
import type * as messages from './messages.ts'
import { allocateProducerIds } from './producer-ids.ts'
import { newRecord, type MetadataRecord } from './records.ts'
import { emptyState, type MetadataState, replay } from './state.ts'
import type { ConfigValidators } from './validators.ts'

/** Request and reply by kind of input. */
export interface ControllerCalls {
  createTopics: [messages.CreateTopicsRequest, messages.CreateTopicsResponse]
  deleteTopics: [messages.DeleteTopicsRequest, messages.DeleteTopicsResponse]
  createPartitions: [messages.CreatePartitionsRequest, messages.CreatePartitionsResponse]
  alterConfigs: [messages.AlterConfigsRequest, messages.AlterConfigsResponse]
  incrementalAlterConfigs: [
    messages.IncrementalAlterConfigsRequest,
    messages.IncrementalAlterConfigsResponse,
  ]
  allocateProducerIds: [messages.AllocateProducerIdsRequest, messages.AllocateProducerIdsResponse]
  updateFeatures: [messages.UpdateFeaturesRequest, messages.UpdateFeaturesResponse]
  registerBroker: [messages.BrokerRegistrationRequest, messages.BrokerRegistrationResponse]
  brokerHeartbeat: [messages.BrokerHeartbeatRequest, messages.BrokerHeartbeatResponse]
  unregisterBroker: [messages.UnregisterBrokerRequest, messages.UnregisterBrokerResponse]
}

export type CallKind = keyof ControllerCalls
export type RequestTo<Kind extends CallKind> = ControllerCalls[Kind][0]
export type ReplyTo<Kind extends CallKind> = ControllerCalls[Kind][1]
export type ControllerReply = ReplyTo<CallKind>

/** What the caller may see and do, as the authorizer says; everything where there is none. */
export interface CallRights extends DeletionRights {
  mayDescribeConfigs(topic: string): boolean
}

export type ControllerInput<Token> =
  | {
      [Kind in CallKind]: {
        readonly kind: Kind
        readonly token: Token
        readonly request: RequestTo<Kind>
        readonly rights: CallRights
      }
    }[CallKind]
  | { readonly kind: 'registerController'; readonly record: MetadataRecord }

export interface ControllerOptions extends Pick<RegistrationContext, 'hasLiveSession'> {
  readonly clusterId: string
  /** Of this process, which is broker and controller in one. */
  readonly nodeId: number
  readonly validators: ConfigValidators
  /** Records that a first start writes: FeatureLevel of metadata.version first. */
  readonly bootstrapRecords: readonly MetadataRecord[]
  readonly kraftVersion: number
  /** The offset that the next record will get. */
  nextOffset(): number
}

export type ControllerMachine<Token> = Machine<
  MetadataState,
  ControllerInput<Token>,
  MetadataRecord,
  Token,
  ControllerReply,
  null
>

type Decided = { readonly records: readonly MetadataRecord[]; readonly reply: ControllerReply }

export function controllerMachine<Token>(options: ControllerOptions): ControllerMachine<Token> {
  return {
    name: 'controller',
    create: () => emptyState(() => new Map(), undefined),
    apply: replay,
    decide(state, input, around) {
      switch (input.kind) {
        case 'loaded':
          return { records: activationRecords(state, options), effects: [] }
        case 'timer':
          return { records: [], effects: [] }
        case 'registerController':
          return { records: [input.record], effects: [] }
        default: {
          const { records, reply } = decideCall(state, input, { options, around })
          const effects: Effect<Token, ControllerReply>[] = [
            { kind: 'answer', token: input.token, reply },
          ]
          return { records, effects }
        }
      }
    },
  }
}

type Call<Token> = Extract<ControllerInput<Token>, { readonly kind: CallKind }>

function decideCall<Token>(
  state: MetadataState,
  call: Call<Token>,
  by: { readonly options: ControllerOptions; readonly around: Surroundings<null> },
): Decided {
  const { validators } = by.options
  const { random } = by.around
  switch (call.kind) {
    case 'createTopics': {
      const mayDescribeConfigs = call.rights.mayDescribeConfigs.bind(call.rights)
      return createTopics(state, call.request, { random, validators, mayDescribeConfigs })
    }
    case 'deleteTopics':
      return deleteTopics(state, call.request, call.rights)
    case 'createPartitions':
      return createPartitions(state, call.request, random)
    case 'alterConfigs':
      return alterConfigs(state, call.request, by.options)
    case 'incrementalAlterConfigs':
      return incrementalAlterConfigs(state, call.request, by.options)
    case 'allocateProducerIds':
      return allocateProducerIds(state, call.request)
    case 'updateFeatures':
      return updateFeatures(state, call.request, by.options.kraftVersion)
    case 'registerBroker': {
      const { clusterId, hasLiveSession } = by.options
      const nextOffset = by.options.nextOffset()
      const context = { clusterId, nextOffset, validators, hasLiveSession }
      return registerBroker(state, call.request, context)
    }
    case 'brokerHeartbeat':
      return brokerHeartbeat(state, call.request, validators)
    case 'unregisterBroker':
      return unregisterBroker(state, call.request, validators)
    default:
      return unreachable(call, 'controller call')
  }
}

function activationRecords(
  state: MetadataState,
  options: ControllerOptions,
): readonly MetadataRecord[] {
  const records: MetadataRecord[] = []
  if (state.transaction !== undefined) {
    const reason = 'Controller failover'
    records.push(newRecord('AbortTransactionRecord', 0, { reason }))
  }
  if (state.features.has(METADATA_VERSION)) return records
  const bootstrap = options.bootstrapRecords
  if (!bootstrapsInTransaction(bootstrap)) return [...records, ...bootstrap]
  return [
    ...records,
    newRecord('BeginTransactionRecord', 0, { name: 'Bootstrap records' }),
    ...bootstrap,
    newRecord('EndTransactionRecord', 0, {}),
  ]
}

function bootstrapsInTransaction(records: readonly MetadataRecord[]): boolean {
  const [first] = records
  if (first?.name !== 'FeatureLevelRecord') return false
  const { name, featureLevel } = first.value
  return name === METADATA_VERSION && hasMetadataTransactions(featureLevel)
}
