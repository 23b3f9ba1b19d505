import { below } from '../../base/random.ts'
import { controllerMachine, type ControllerInput } from '../../src/controller/controller.ts'
import type { ControllerReply } from '../../src/controller/controller.ts'
import type { MetadataRecord } from '../../src/controller/records.ts'
import type { MetadataState } from '../../src/controller/state.ts'
import { conformanceSuite } from '../machine/conformance.ts'
import {
  ALL_RIGHTS,
  BOOTSTRAP,
  CLUSTER_ID,
  createRequest,
  heartbeat,
  newTopic,
  registration,
  validators,
} from './harness.ts'

let offset = 0

conformanceSuite<
  MetadataState,
  ControllerInput<number>,
  MetadataRecord,
  number,
  ControllerReply,
  null
>('the controller', {
  machine: () =>
    controllerMachine<number>({
      clusterId: CLUSTER_ID,
      nodeId: 1,
      validators,
      bootstrapRecords: BOOTSTRAP,
      kraftVersion: 0,
      nextOffset: () => offset++,
      hasLiveSession: () => false,
    }),
  image: () => null,
  token: (serial) => serial,
  input(random, token, state) {
    const name = `t${below(random, 4)}`
    const rights = ALL_RIGHTS
    const id = 1 + below(random, 3)
    const epoch = state.brokers.get(id)?.epoch ?? 0
    const dice = below(random, 6)
    const input: ControllerInput<number> = [
      { kind: 'createTopics', token, request: createRequest(newTopic(name, 2)), rights } as const,
      {
        kind: 'deleteTopics',
        token,
        request: { topicNames: [name], topics: [], timeoutMs: 1 },
        rights,
      } as const,
      { kind: 'registerBroker', token, request: registration(id), rights } as const,
      {
        kind: 'brokerHeartbeat',
        token,
        request: { ...heartbeat(id, epoch, epoch), wantFence: below(random, 4) === 0 },
        rights,
      } as const,
      {
        kind: 'allocateProducerIds',
        token,
        request: { brokerId: id, brokerEpoch: epoch },
        rights,
      } as const,
      {
        kind: 'createPartitions',
        token,
        request: {
          topics: [{ name, count: 3 + below(random, 3), assignments: null }],
          timeoutMs: 1,
          validateOnly: false,
        },
        rights,
      } as const,
    ][dice]!
    return { input, token }
  },
  hard: ({ newMap: _newMap, ...hard }) => structuredClone(hard),
})
