// Committed offsets by group, topic and partition, and those of open transactions by producer id:
// the part of a shard's hard state that OffsetCommit writes. Only `apply` changes it.
import type { CommittedOffset } from '../group/records.ts'

export interface StoredOffset extends CommittedOffset {
  /** Offset of the record in the log: the later of two commits wins when a transaction ends. */
  readonly recordOffset: number
}

export type OffsetsByTopic = Map<string, Map<number, StoredOffset>>
export type OffsetsByGroup = Map<string, OffsetsByTopic>

export interface CommittedOffsets {
  readonly byGroup: OffsetsByGroup
  /** By producer id; becomes part of byGroup, or is dropped, when the transaction ends. */
  readonly pending: Map<number, OffsetsByGroup>
}

export function createOffsets(): CommittedOffsets {
  return { byGroup: new Map(), pending: new Map() }
}

export interface Place {
  readonly group: string
  readonly topic: string
  readonly partition: number
}

export function putOffset(offsets: OffsetsByGroup, place: Place, value: StoredOffset): void {
  let topics = offsets.get(place.group)
  if (topics === undefined) offsets.set(place.group, (topics = new Map()))
  let partitions = topics.get(place.topic)
  if (partitions === undefined) topics.set(place.topic, (partitions = new Map()))
  partitions.set(place.partition, value)
}

export function getOffset(offsets: OffsetsByGroup, place: Place): StoredOffset | undefined {
  return offsets.get(place.group)?.get(place.topic)?.get(place.partition)
}

export function removeOffset(offsets: OffsetsByGroup, place: Place): void {
  const topics = offsets.get(place.group)
  const partitions = topics?.get(place.topic)
  if (topics === undefined || partitions === undefined) return
  partitions.delete(place.partition)
  if (partitions.size > 0) return
  topics.delete(place.topic)
  if (topics.size === 0) offsets.delete(place.group)
}

/** Applies one offset record; a tombstone also removes what open transactions hold there. */
export function applyOffset(
  offsets: CommittedOffsets,
  place: Place,
  value: StoredOffset | null,
  producerId: number,
): void {
  if (value === null) {
    removeOffset(offsets.byGroup, place)
    for (const [id, pending] of offsets.pending) {
      removeOffset(pending, place)
      if (pending.size === 0) offsets.pending.delete(id)
    }
    return
  }
  if (producerId === -1) return putOffset(offsets.byGroup, place, value)
  let pending = offsets.pending.get(producerId)
  if (pending === undefined) offsets.pending.set(producerId, (pending = new Map()))
  putOffset(pending, place, value)
}

/** Ends a transaction: its offsets count now, except where a later commit already stands. */
export function applyMarker(offsets: CommittedOffsets, producerId: number, commit: boolean): void {
  const pending = offsets.pending.get(producerId)
  if (pending === undefined) return
  offsets.pending.delete(producerId)
  if (!commit) return
  forEachOffset(pending, (place, value) => {
    const present = getOffset(offsets.byGroup, place)
    if (present === undefined || value.recordOffset > present.recordOffset) {
      putOffset(offsets.byGroup, place, value)
    }
  })
}

export function forEachOffset(
  offsets: OffsetsByGroup,
  visit: (place: Place, value: StoredOffset) => void,
): void {
  for (const group of offsets.keys()) forEachGroupOffset(offsets, group, visit)
}

export function forEachGroupOffset(
  offsets: OffsetsByGroup,
  group: string,
  visit: (place: Place, value: StoredOffset) => void,
): void {
  for (const [topic, partitions] of offsets.get(group) ?? []) {
    for (const [partition, value] of partitions) visit({ group, topic, partition }, value)
  }
}

/** True when an open transaction has committed an offset there. */
export function isPending(offsets: CommittedOffsets, place: Place): boolean {
  for (const pending of offsets.pending.values()) {
    if (getOffset(pending, place) !== undefined) return true
  }
  return false
}

export function hasPending(offsets: CommittedOffsets, group: string): boolean {
  for (const pending of offsets.pending.values()) if (pending.has(group)) return true
  return false
}
