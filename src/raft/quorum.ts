// The rules of a quorum as pure functions: which epoch a start opens, and how far the log is
// committed. Knows no file, clock or connection; the driver carries out what they say. Here for one
// voter; a quorum of several adds votes and followers' offsets to the same state.
import { assert } from '../../base/assert.ts'

export interface Leadership {
  readonly leaderId: number
  readonly epoch: number
  /** Offset of the LeaderChange that opened the epoch. */
  readonly epochStartOffset: number
  /** The offset after the last committed record; -1 until one of this epoch is. */
  readonly highWatermark: number
}

/** The only voter elects itself: every start is a new epoch, above all that it has seen. */
export function nextEpoch(knownEpochs: readonly number[]): number {
  return Math.max(0, ...knownEpochs) + 1
}

export function takeLeadership(
  leaderId: number,
  epoch: number,
  epochStartOffset: number,
): Leadership {
  return { leaderId, epoch, epochStartOffset, highWatermark: -1 }
}

/**
 * `syncedEndOffset` is on this voter's disk. Records of earlier epochs are committed only together
 * with one of this epoch (Raft, 5.4.2).
 */
export function afterSync(leadership: Leadership, syncedEndOffset: number): Leadership {
  if (syncedEndOffset <= leadership.epochStartOffset) return leadership
  if (syncedEndOffset <= leadership.highWatermark) return leadership
  assert(leadership.epoch > 0, 'a leader has an epoch')
  return { ...leadership, highWatermark: syncedEndOffset }
}
