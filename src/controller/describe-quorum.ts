// DescribeQuorum (KIP-642, 836, 853): who leads the metadata log and how far each voter is.
import { ZERO_UUID } from '../../base/uuid.ts'
import { DescribeQuorum } from '../../protocol/api/55-describe-quorum.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseOf } from '../../protocol/schema/message.ts'
import type { Voter, VoterEndpoint } from '../raft/control-records.ts'
import type { RaftStatus } from '../raft/driver.ts'

export type DescribeQuorumRequest = RequestOf<typeof DescribeQuorum>
export type DescribeQuorumResponse = ResponseOf<typeof DescribeQuorum>

const TOPIC = '__cluster_metadata'

export interface QuorumView {
  readonly status: RaftStatus
  /** From kraft.version 1 on. */
  readonly voters: readonly Voter[] | undefined
  /** Where this node's controller listens. */
  readonly endpoints: readonly VoterEndpoint[]
  /** Wall time in milliseconds. */
  readonly now: number
}

export function describeQuorum(
  request: DescribeQuorumRequest,
  view: QuorumView,
): DescribeQuorumResponse {
  const known = asksForMetadata(request)
  const topics = request.topics.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions.map(({ partitionIndex }) =>
      known ? described(partitionIndex, view) : unknown(partitionIndex),
    ),
  }))
  const nodes = known ? nodesOf(view) : []
  return { errorCode: 0, errorMessage: '', topics, nodes }
}

function asksForMetadata({ topics }: DescribeQuorumRequest): boolean {
  const [topic] = topics
  if (topics.length !== 1 || topic?.topicName !== TOPIC) return false
  return topic.partitions.length === 1 && topic.partitions[0]!.partitionIndex === 0
}

type Partition = DescribeQuorumResponse['topics'][number]['partitions'][number]

function described(partitionIndex: number, { status, voters, now }: QuorumView): Partition {
  return {
    partitionIndex,
    errorCode: 0,
    errorMessage: '',
    leaderId: status.leaderId,
    leaderEpoch: status.leaderEpoch,
    highWatermark: status.highWatermark,
    currentVoters: status.voterIds.map((replicaId) => ({
      replicaId,
      replicaDirectoryId:
        voters?.find(({ voterId }) => voterId === replicaId)?.voterDirectoryId ?? ZERO_UUID,
      logEndOffset: status.logEndOffset,
      lastFetchTimestamp: now,
      lastCaughtUpTimestamp: now,
    })),
    observers: [],
  }
}

function unknown(partitionIndex: number): Partition {
  return {
    partitionIndex,
    errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION,
    errorMessage: 'This server does not host this topic-partition.',
    leaderId: 0,
    leaderEpoch: 0,
    highWatermark: 0,
    currentVoters: [],
    observers: [],
  }
}

function nodesOf({ status, voters, endpoints }: QuorumView): DescribeQuorumResponse['nodes'] {
  return status.voterIds.map((nodeId) => ({
    nodeId,
    listeners: voters?.find(({ voterId }) => voterId === nodeId)?.endpoints ?? endpoints,
  }))
}
