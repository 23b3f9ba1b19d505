// Which shards of the group coordinator live here: one for each partition of __consumer_offsets
// that this broker leads, elected anew with each leader epoch, and resigned with its topic. A topic
// that was deleted and made again has new partitions with the old numbers and epochs.
import type { Clock } from '../../base/clock.ts'
import type { Deadlines } from '../../base/deadlines.ts'
import type { GroupCoordinator } from '../coordinator/registry.ts'
import type { Partition } from '../partition/partition.ts'
import { PartitionShardLog } from '../partition/shard-log.ts'
import type { Turn } from '../partition/turn.ts'

interface Led {
  readonly partition: Partition
  readonly leaderEpoch: number
  /** How often it stopped in this epoch: each time it waits longer before the next election. */
  stops: number
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 60_000

export interface ElectionParts {
  readonly groups: Pick<GroupCoordinator, 'elect' | 'resign'>
  readonly turn: Turn
  readonly clock: Clock
  readonly deadlines: Deadlines
}

export class GroupElections {
  readonly #parts: ElectionParts
  readonly #led = new Map<number, Led>()

  constructor(parts: ElectionParts) {
    this.#parts = parts
  }

  /** `partitions` of __consumer_offsets are led here now, and no others. */
  follow(partitions: readonly Partition[]): void {
    const gone = new Set(this.#led.keys())
    for (const partition of partitions) {
      const { index, leaderEpoch } = partition
      gone.delete(index)
      const led = this.#led.get(index)
      if (led?.partition === partition && led.leaderEpoch === leaderEpoch) continue
      this.#elect({ partition, leaderEpoch, stops: 0 })
    }
    for (const index of gone) {
      this.#led.delete(index)
      this.#parts.groups.resign(index)
    }
  }

  /**
   * The shard broke an invariant or could not read its log, and has resigned. Its log is the truth,
   * so it is loaded again after a while: one request that it cannot take must not end its groups.
   */
  stopped(index: number): void {
    const led = this.#led.get(index)
    if (led === undefined) return
    const wait = Math.min(FIRST_WAIT_MS * 2 ** led.stops++, LONGEST_WAIT_MS)
    const { clock, deadlines } = this.#parts
    deadlines.set(clock.monotonic() + wait, () => {
      const isStillOurs = this.#led.get(index) === led && led.partition.state === 'leader'
      if (isStillOurs) this.#elect(led)
    })
  }

  #elect(led: Led): void {
    const { groups, turn } = this.#parts
    const { partition } = led
    this.#led.set(partition.index, led)
    groups.elect(partition.index, new PartitionShardLog(partition, turn))
  }

  /** Nothing can be committed there any more: whoever waits for that is told. */
  fenced(partition: Partition): void {
    if (this.#led.get(partition.index)?.partition === partition) {
      this.#parts.groups.resign(partition.index)
    }
  }
}
