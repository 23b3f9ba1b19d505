// Which shards of the group coordinator live here: one for each partition of __consumer_offsets
// that this broker leads, elected anew with each leader epoch, and resigned with its topic. A topic
// that was deleted and made again has new partitions with the old numbers and epochs.
import type { GroupCoordinator } from '../coordinator/registry.ts'
import type { Partition } from '../partition/partition.ts'
import { PartitionShardLog } from '../partition/shard-log.ts'
import type { Turn } from '../partition/turn.ts'

interface Led {
  readonly partition: Partition
  readonly leaderEpoch: number
}

export class GroupElections {
  readonly #groups: Pick<GroupCoordinator, 'elect' | 'resign'>
  readonly #turn: Turn
  readonly #led = new Map<number, Led>()

  constructor(groups: Pick<GroupCoordinator, 'elect' | 'resign'>, turn: Turn) {
    this.#groups = groups
    this.#turn = turn
  }

  /** `partitions` of __consumer_offsets are led here now, and no others. */
  follow(partitions: readonly Partition[]): void {
    const gone = new Set(this.#led.keys())
    for (const partition of partitions) {
      const { index, leaderEpoch } = partition
      gone.delete(index)
      const led = this.#led.get(index)
      if (led?.partition === partition && led.leaderEpoch === leaderEpoch) continue
      this.#led.set(index, { partition, leaderEpoch })
      this.#groups.elect(index, new PartitionShardLog(partition, this.#turn))
    }
    for (const index of gone) {
      this.#led.delete(index)
      this.#groups.resign(index)
    }
  }

  /** Nothing can be committed there any more: whoever waits for that is told. */
  fenced(partition: Partition): void {
    if (this.#led.get(partition.index)?.partition === partition) {
      this.#groups.resign(partition.index)
    }
  }
}
