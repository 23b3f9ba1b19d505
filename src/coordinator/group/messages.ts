// What the shard is asked and what it answers: the decoded bodies of the protocol, one name each,
// and who asks. Framing, authorization and topic look-up have happened before; versions decide
// only where Kafka's own coordinator looks at them.

import type { OffsetCommit } from '../../../protocol/api/08-offset-commit.ts'
import type { OffsetFetch } from '../../../protocol/api/09-offset-fetch.ts'
import type { JoinGroup } from '../../../protocol/api/11-join-group.ts'
import type { Heartbeat } from '../../../protocol/api/12-heartbeat.ts'
import type { LeaveGroup } from '../../../protocol/api/13-leave-group.ts'
import type { SyncGroup } from '../../../protocol/api/14-sync-group.ts'
import type { DescribeGroups } from '../../../protocol/api/15-describe-groups.ts'
import type { ListGroups } from '../../../protocol/api/16-list-groups.ts'
import type { DeleteGroups } from '../../../protocol/api/42-delete-groups.ts'
import type { OffsetDelete } from '../../../protocol/api/47-offset-delete.ts'
import type { RequestOf, ResponseOf } from '../../../protocol/schema/message.ts'

export type JoinGroupRequest = RequestOf<typeof JoinGroup>
export type JoinGroupResponse = ResponseOf<typeof JoinGroup>
export type SyncGroupRequest = RequestOf<typeof SyncGroup>
export type SyncGroupResponse = ResponseOf<typeof SyncGroup>
export type HeartbeatRequest = RequestOf<typeof Heartbeat>
export type HeartbeatResponse = ResponseOf<typeof Heartbeat>
/** Versions below 3 name one member: the caller puts it into `members`. */
export type LeaveGroupRequest = Omit<RequestOf<typeof LeaveGroup>, 'memberId'>
export type LeaveGroupResponse = ResponseOf<typeof LeaveGroup>
export type DescribedGroup = ResponseOf<typeof DescribeGroups>['groups'][number]
export type ListGroupsRequest = RequestOf<typeof ListGroups>
export type ListedGroup = ResponseOf<typeof ListGroups>['groups'][number]
export type DeletableGroupResult = ResponseOf<typeof DeleteGroups>['results'][number]
/** Topics and partitions that exist, each with name and id; the caller answered for the others. */
export type OffsetCommitRequest = RequestOf<typeof OffsetCommit>
export type OffsetCommitResponseTopic = ResponseOf<typeof OffsetCommit>['topics'][number]
/** One group of OffsetFetch; below version 8 the caller makes it of the request's own fields. */
export type OffsetFetchGroup = RequestOf<typeof OffsetFetch>['groups'][number] & {
  readonly requireStable: boolean
}
export type OffsetFetchResponseGroup = ResponseOf<typeof OffsetFetch>['groups'][number]
export type OffsetFetchResponseTopic = OffsetFetchResponseGroup['topics'][number]
export type OffsetDeleteRequest = RequestOf<typeof OffsetDelete>
export type OffsetDeleteResponse = ResponseOf<typeof OffsetDelete>

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
