// What several workloads share: a load on the servers that stay up, each run with a topic of its own.
import type { Cluster } from '../../test/apache/cluster.ts'
import { countLoad, figuresOf, runLoad, type Load, type LoadResult } from '../method/load.ts'
import { createTopics, removeTopics } from '../method/raw.ts'
import { TOPIC_SETTINGS } from '../servers/settings.ts'
import type { Measurement, PeerName, Size, Target, Workload } from '../workload.ts'

/** The whole of the run is watched instead. */
export const unknownSteal = Number.NaN

/** Those that keep topics as a broker does; the sink and the mock take any name. */
export function keepsTopics(peer: PeerName): boolean {
  return peer !== 'sink' && peer !== 'mock'
}

export interface ProduceShape {
  readonly program: 'frames' | 'clients'
  /** `produce` unless said otherwise. */
  readonly mode?: 'produce' | 'latency'
  /** The options of the load, the topic aside. */
  options(size: Size): Load['options']
  readonly partitions?: number
  readonly settings?: Readonly<Record<string, string>>
}

/** `measure` and `warmUp` of a workload that produces into a new topic each time. */
export function producing(shape: ProduceShape): Pick<Workload, 'measure' | 'warmUp'> {
  const partitions = shape.partitions ?? 1
  const settings = { ...TOPIC_SETTINGS, ...shape.settings }
  const loadOf = (size: Size, topic: string): Load => ({
    program: shape.program,
    mode: shape.mode ?? 'produce',
    options: { ...shape.options(size), topic, partitions },
  })
  return {
    /** The counted run again and again, each into a topic of its own, so that logs stay small. */
    async warmUp(target, size, seconds) {
      const until = performance.now() + seconds * 1000
      let moved = 0
      do {
        const done = await withTopic(target, { partitions, settings }, (topic) =>
          runLoad(target.warm, loadOf(size, topic)),
        )
        moved += done.bytes
      } while (performance.now() < until)
      return moved
    },
    async measure(target, size): Promise<Measurement> {
      const counted = await withTopic(target, { partitions, settings }, (topic) =>
        countLoad(target.warm, loadOf(size, topic), { bytes: bytesOf(shape, size) }),
      )
      return { figures: figuresOf(counted), steal: counted.steal }
    },
  }
}

/** What the log of a run may come to. */
function bytesOf(shape: ProduceShape, size: Size): number {
  const options = shape.options(size)
  const each = Number(options['bytes'] ?? 100)
  return Number(options['requests'] ?? options['records'] ?? 0) * each
}

export async function withTopic<T>(
  target: Target,
  shape: { partitions: number; settings: Readonly<Record<string, string>> },
  run: (topic: string) => Promise<T>,
): Promise<T> {
  const topic = target.topic()
  const isKept = keepsTopics(target.peer)
  if (isKept) await createTopics(target.warm.bootstrap, [topic], shape)
  const result = await run(topic)
  if (isKept) await removeTopics(target.warm, [topic])
  return result
}

/** Fills a topic of the warm server with records that later runs read. */
export async function fill(
  cluster: Cluster,
  topic: string,
  options: Load['options'],
): Promise<LoadResult> {
  return runLoad(cluster, { program: 'clients', mode: 'produce', options: { ...options, topic } })
}
