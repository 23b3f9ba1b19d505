// What the shard is asked and what it answers: the decoded bodies of the protocol, one name each,
// and who asks. Framing, authorization and topic look-up have happened before; versions decide
// only where Kafka's own coordinator looks at them.

export interface JoinGroupRequest {
  readonly groupId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocolType: string
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]
  readonly reason: string | null
}
export interface JoinGroupResponse {
  throttleTimeMs: number
  errorCode: number
  generationId: number
  protocolType: string | null
  protocolName: string | null
  leader: string
  skipAssignment: boolean
  memberId: string
  members: { memberId: string; groupInstanceId: string | null; metadata: Uint8Array }[]
}
export interface SyncGroupRequest {
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[]
}
export interface SyncGroupResponse {
  throttleTimeMs: number
  errorCode: number
  protocolType: string | null
  protocolName: string | null
  assignment: Uint8Array
}
export interface HeartbeatRequest {
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
  readonly groupInstanceId: string | null
}
export interface HeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
}
/** Versions below 3 name one member: the caller puts it into `members`. */
export interface LeaveGroupRequest {
  readonly groupId: string
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly reason: string | null
  }[]
}
export interface LeaveGroupResponse {
  throttleTimeMs: number
  errorCode: number
  members: { memberId: string; groupInstanceId: string | null; errorCode: number }[]
}
export interface DescribedGroup {
  errorCode: number
  errorMessage: string | null
  groupId: string
  groupState: string
  protocolType: string
  protocolData: string
  members: {
    memberId: string
    groupInstanceId: string | null
    clientId: string
    clientHost: string
    memberMetadata: Uint8Array
    memberAssignment: Uint8Array
  }[]
  authorizedOperations: number
}
export interface ListGroupsRequest {
  readonly statesFilter: readonly string[]
  readonly typesFilter: readonly string[]
}
export interface ListedGroup {
  groupId: string
  protocolType: string
  groupState: string
  groupType: string
}
export interface DeletableGroupResult {
  groupId: string
  errorCode: number
  errorMessage: string | null
}
/** Topics and partitions that exist, each with name and id; the caller answered for the others. */
export interface OffsetCommitRequest {
  readonly groupId: string
  readonly generationIdOrMemberEpoch: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly retentionTimeMs: number
  readonly topics: readonly {
    readonly name: string
    readonly topicId: string
    readonly partitions: readonly {
      readonly partitionIndex: number
      readonly committedOffset: number
      readonly committedLeaderEpoch: number
      readonly committedMetadata: string | null
    }[]
  }[]
}
export interface OffsetCommitResponseTopic {
  name: string
  topicId: string
  partitions: { partitionIndex: number; errorCode: number }[]
}
/** One group of OffsetFetch; below version 8 the caller makes it of the request's own fields. */
export interface OffsetFetchGroup {
  readonly groupId: string
  readonly memberId: string | null
  readonly memberEpoch: number
  /** null = everything the group has committed. */
  readonly topics:
    | readonly {
        readonly name: string
        readonly topicId: string
        readonly partitionIndexes: readonly number[]
      }[]
    | null
  readonly requireStable: boolean
}
export interface OffsetFetchResponseTopic {
  name: string
  topicId: string
  partitions: {
    partitionIndex: number
    committedOffset: number
    committedLeaderEpoch: number
    metadata: string | null
    errorCode: number
  }[]
}
export interface OffsetFetchResponseGroup {
  groupId: string
  topics: OffsetFetchResponseTopic[]
  errorCode: number
}
export interface OffsetDeleteRequest {
  readonly groupId: string
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly { readonly partitionIndex: number }[]
  }[]
}
export interface OffsetDeleteResponse {
  errorCode: number
  topics: { name: string; partitions: { partitionIndex: number; errorCode: number }[] }[]
}

/** Every question that a shard answers, with its answer. */
export interface Exchange {
  join: { request: JoinGroupRequest; reply: JoinGroupResponse }
  sync: { request: SyncGroupRequest; reply: SyncGroupResponse }
  heartbeat: { request: HeartbeatRequest; reply: HeartbeatResponse }
  leave: { request: LeaveGroupRequest; reply: LeaveGroupResponse }
  describe: { request: { readonly groups: readonly string[] }; reply: DescribedGroup[] }
  list: { request: ListGroupsRequest; reply: ListedGroup[] }
  delete: { request: { readonly groups: readonly string[] }; reply: DeletableGroupResult[] }
  'offset-commit': { request: OffsetCommitRequest; reply: OffsetCommitResponseTopic[] }
  'offset-fetch': { request: OffsetFetchGroup; reply: OffsetFetchResponseGroup }
  'offset-delete': { request: OffsetDeleteRequest; reply: OffsetDeleteResponse }
}

export interface Caller {
  readonly apiVersion: number
  readonly clientId: string
  readonly clientHost: string
  /** Identifies the connection while it lives. */
  readonly connection: number
}

/** Names one outstanding request; whoever sends it chooses the number. */
export type Token = number

export type GroupRequest = {
  [Kind in keyof Exchange]: {
    readonly kind: Kind
    readonly token: Token
    readonly caller: Caller
    readonly request: Exchange[Kind]['request']
  }
}[keyof Exchange]

export type GroupReply = Exchange[keyof Exchange]['reply']
