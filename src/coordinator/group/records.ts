// What the log of a group shard holds, in memory: one value per record of __consumer_offsets that
// we understand. Bytes are the matter of record-codec.ts.

export interface CommittedOffset {
  readonly offset: number
  /** -1 when the client named none. */
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestamp: number
  /** -1 unless the commit carried its own retention (OffsetCommit 2-4). */
  readonly expireTimestamp: number
  readonly topicId: string
}

export interface PersistedMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  readonly subscription: Buffer
  readonly assignment: Buffer
}

export interface GroupMetadata {
  /** '' for a group that only stores offsets. */
  readonly protocolType: string
  readonly generation: number
  readonly protocol: string | null
  readonly leader: string | null
  readonly currentStateTimestamp: number
  readonly members: readonly PersistedMember[]
}

/** Groups of the newer protocols, which another broker may have left in the log we lead. */
export type ForeignType = 'consumer' | 'share' | 'streams'

/** At least the bytes that the record takes in a batch. */
export function sizeBound(record: GroupRecord): number {
  let size = 64 + ('group' in record ? Buffer.byteLength(record.group) : 0)
  if (record.kind === 'offset') {
    size += Buffer.byteLength(record.topic)
    if (record.value !== null) size += 64 + Buffer.byteLength(record.value.metadata)
  } else if (record.kind === 'group' && record.value !== null) {
    size += 64 + 3 * record.value.protocolType.length
    for (const member of record.value.members) size += memberSizeBound(member)
  }
  return size
}

function memberSizeBound(member: PersistedMember): number {
  const { memberId, groupInstanceId, clientId, clientHost } = member
  const units = memberId.length + (groupInstanceId?.length ?? 0) + clientId.length
  const texts = 3 * (units + clientHost.length)
  return 64 + texts + member.subscription.length + member.assignment.length
}

export type GroupRecord =
  /** `value` null is a tombstone; `producerId` is -1 outside transactions. */
  | {
      readonly kind: 'offset'
      readonly group: string
      readonly topic: string
      readonly partition: number
      readonly value: CommittedOffset | null
      readonly producerId: number
    }
  | { readonly kind: 'group'; readonly group: string; readonly value: GroupMetadata | null }
  /** The end of a transaction, from the control batch. */
  | { readonly kind: 'marker'; readonly producerId: number; readonly commit: boolean }
  | {
      readonly kind: 'foreign'
      readonly group: string
      readonly type: ForeignType
      readonly exists: boolean
    }
