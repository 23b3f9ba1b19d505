// Elections and ISR changes of one partition, as the record that brings them about: the current
// leader stays while it is valid, then the first replica in the ISR, then, if the topic allows
// unclean elections, any live one. The last member of an ISR is never dropped: it holds the data.
import { bumpsLeaderEpochOnShrink, metadataVersionOf, partitionRecordVersion } from './features.ts'
import type { PartitionImage } from './image.ts'
import { configsOf } from './configs.ts'
import { RESOURCE_TOPIC } from './image.ts'
import { newRecord, type MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'
import { LEADER_UNCHANGED, RECOVERY_STATE_UNCHANGED } from './topics.ts'
import type { ConfigValidators } from './validators.ts'

export const NO_LEADER = -1
const RECOVERING = 1

export type Election = 'preferred' | 'online' | 'unclean'

export interface PartitionChange {
  readonly targetIsr: readonly number[]
  readonly election: Election
  isAcceptableLeader(broker: number): boolean
  readonly metadataVersion: number
}

/** undefined when nothing would change. */
export function partitionChange(
  partition: PartitionImage,
  change: PartitionChange,
): MetadataRecord | undefined {
  const elected = electLeader(partition, change)
  let leader = elected.leader === partition.leader ? LEADER_UNCHANGED : elected.leader
  let isr: readonly number[] | null = null
  let leaderRecoveryState = RECOVERY_STATE_UNCHANGED
  if (leader !== LEADER_UNCHANGED && elected.unclean) {
    isr = [elected.leader]
    if (partition.leaderRecoveryState !== RECOVERING) leaderRecoveryState = RECOVERING
  } else if (change.targetIsr.length > 0 && !sameMembers(change.targetIsr, partition.isr)) {
    isr = change.targetIsr
  }
  const shrinks = isr !== null && partition.isr.some((member) => !isr.includes(member))
  if (leader === LEADER_UNCHANGED && shrinks && bumpsLeaderEpochOnShrink(change.metadataVersion)) {
    leader = partition.leader
  }
  if (leader === LEADER_UNCHANGED && isr === null) return undefined
  return newRecord('PartitionChangeRecord', partitionRecordVersion(change.metadataVersion), {
    partitionId: partition.index,
    topicId: partition.topicId,
    isr,
    leader,
    replicas: null,
    removingReplicas: null,
    addingReplicas: null,
    leaderRecoveryState,
    directories: null,
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  })
}

function electLeader(
  partition: PartitionImage,
  change: PartitionChange,
): { readonly leader: number; readonly unclean: boolean } {
  const { targetIsr, election } = change
  function valid(broker: number): boolean {
    return targetIsr.includes(broker) && change.isAcceptableLeader(broker)
  }
  const preferred = partition.replicas[0]!
  if (election === 'preferred' && valid(preferred)) return { leader: preferred, unclean: false }
  if (valid(partition.leader)) return { leader: partition.leader, unclean: false }
  const clean = partition.replicas.find(valid)
  if (clean !== undefined) return { leader: clean, unclean: false }
  if (election === 'unclean') {
    const live = partition.replicas.find((broker) => change.isAcceptableLeader(broker))
    if (live !== undefined) return { leader: live, unclean: true }
  }
  return { leader: NO_LEADER, unclean: false }
}

/** Changes for every partition where `broker` is in the ISR: it leaves, or cannot lead any more. */
export function withoutBroker(
  state: MetadataState,
  broker: number,
  validators: ConfigValidators,
): MetadataRecord[] {
  const metadataVersion = metadataVersionOf(state)
  return changesWhere(state, validators, {
    concerns: (partition) => partition.isr.includes(broker),
    change: (partition, election) => ({
      targetIsr: partition.isr.filter((member) => member !== broker),
      election,
      isAcceptableLeader: (member) => member !== broker && isActive(state, member),
      metadataVersion,
    }),
  })
}

/** Elections for leaderless partitions that `broker`, about to be unfenced, can lead. */
export function withBroker(
  state: MetadataState,
  broker: number,
  validators: ConfigValidators,
): MetadataRecord[] {
  const metadataVersion = metadataVersionOf(state)
  return changesWhere(state, validators, {
    concerns: (partition) => partition.leader === NO_LEADER,
    change: (partition, election) => ({
      targetIsr: partition.isr,
      election,
      isAcceptableLeader: (member) => member === broker || isActive(state, member),
      metadataVersion,
    }),
  })
}

function changesWhere(
  state: MetadataState,
  validators: ConfigValidators,
  which: {
    concerns(partition: PartitionImage): boolean
    change(partition: PartitionImage, election: Election): PartitionChange
  },
): MetadataRecord[] {
  const records: MetadataRecord[] = []
  for (const topic of state.topicsById.values()) {
    let election: Election | undefined
    for (const partition of topic.partitions) {
      if (!which.concerns(partition)) continue
      election ??= electionOf(state, topic.name, validators)
      const record = partitionChange(partition, which.change(partition, election))
      if (record !== undefined) records.push(record)
    }
  }
  return records
}

function electionOf(state: MetadataState, topic: string, validators: ConfigValidators): Election {
  const overrides = configsOf(state, RESOURCE_TOPIC, topic)
  return validators.uncleanLeaderElection(overrides) ? 'unclean' : 'online'
}

export function isActive(state: Pick<MetadataState, 'brokers'>, id: number): boolean {
  const broker = state.brokers.get(id)
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown
}

function sameMembers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((member, i) => member === b[i])
}
