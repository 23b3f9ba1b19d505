// Bytes on disk for the same input, after both have stopped in the usual way.
import { runLoad } from '../method/load.ts'
import { allocatedBytes } from '../method/pages.ts'
import { createTopics } from '../method/raw.ts'
import { TOPIC_SETTINGS } from '../servers/settings.ts'
import type { Row, Workload } from '../workload.ts'
import { unknownSteal } from './shapes.ts'

const CODECS = ['none', 'lz4'] as const

export const disk: Workload = {
  name: 'disk',
  answers: 'How much disk do the same records take, logs, indexes and all?',
  peers: ['samsa', 'apache'],
  isFresh: true,
  rows: CODECS.map((codec): Row => ({
    figure: codec,
    what: `disk for 100 MB of 1 KB records in 12 partitions, ${codec}`,
    unit: 'MB',
    better: 'less',
  })),
  full: { rounds: 2, otherRounds: 0, size: { records: 100_000, partitions: 12 }, seconds: 30 },
  async measure(target, size) {
    const place = await target.place()
    const cluster = await place.start()
    const partitions = size['partitions']!
    const shape = { partitions, settings: TOPIC_SETTINGS }
    for (const codec of CODECS) {
      const topic = `disk-${codec}`
      await createTopics(cluster.bootstrap, [topic], shape)
      const options = { topic, codec, partitions, records: size['records']!, bytes: 1000 }
      await runLoad(cluster, { program: 'clients', mode: 'produce', options })
    }
    await cluster.stop()
    const figures: Record<string, number> = {}
    for (const codec of CODECS) {
      const isOfTopic = (name: string) => name.includes(`disk-${codec}`)
      figures[codec] = allocatedBytes(place.dataDir, isOfTopic) / 1e6
    }
    return { figures, steal: unknownSteal }
  },
}
