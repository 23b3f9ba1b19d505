// ListOffsets: the special timestamps -1 to -6, times inside a batch, epochs, and what is refused.
import { BASE_TIME, batch, simpleBatch } from '../batch.ts'
import { listOffsets, makeTopic, produce } from '../steps.ts'
import type { Scenario } from '../trial.ts'

const SPECIAL = [-1, -2, -3, -4, -5, -6, -7]

export const listOffsetsSpecial: Scenario = {
  name: '02-list-offsets',
  async run(t) {
    const empty = await makeTopic(t, 'empty')
    const topic = await makeTopic(t, 'a', 2)
    await produce(t, topic, simpleBatch(3))
    // The largest timestamp stands in the middle.
    const late = batch([
      { value: 'a', delta: 5 },
      { value: 'b', delta: 70_000 },
      { value: 'c', delta: 6 },
    ])
    await produce(t, topic, late)
    await produce(t, topic, simpleBatch(2, { baseTimestamp: BASE_TIME + 1000 }))
    for (const version of t.versions('ListOffsets', 1, 11)) {
      for (const timestamp of [...SPECIAL, 0, 5]) {
        await listOffsets(t, topic.name, timestamp, { version })
        await listOffsets(t, empty.name, timestamp, { version })
      }
      const missing = t.named('missing')
      await listOffsets(t, missing, -1, { version })
      await listOffsets(t, topic.name, -1, { version, partition: 2 })
      await listOffsets(t, topic.name, -1, { version, partition: -1 })
      if (version >= 2) {
        await listOffsets(t, topic.name, -1, { version, isolationLevel: 1 })
        await listOffsets(t, topic.name, -2, { version, isolationLevel: 1 })
      }
      for (const epoch of version >= 4 ? [0, 1, -2] : []) {
        await listOffsets(t, topic.name, -1, { version, epoch })
        await listOffsets(t, missing, -1, { version, epoch })
      }
    }
  },
}

export const listOffsetsByTime: Scenario = {
  name: '02-list-offsets-by-time',
  async run(t) {
    const topic = await makeTopic(t, 'a')
    await produce(t, topic, simpleBatch(5))
    await produce(t, topic, simpleBatch(5, { attributes: 1, baseTimestamp: BASE_TIME + 100 }))
    await produce(t, topic, simpleBatch(5, { baseTimestamp: BASE_TIME + 60 }))
    for (let time = -20; time <= 160; time += 10) {
      await listOffsets(t, topic.name, BASE_TIME + time)
      await listOffsets(t, topic.name, BASE_TIME + time + 1)
    }
    await listOffsets(t, topic.name, 2 ** 52)
    await listOffsets(t, topic.name, -3)
    const stamped = await makeTopic(t, 'stamped', 1, { 'message.timestamp.type': 'LogAppendTime' })
    await produce(t, stamped, simpleBatch(3))
    await listOffsets(t, stamped.name, 0)
    await listOffsets(t, stamped.name, -3)
    const version = t.newest('ListOffsets', 11)
    const partitions = [
      { partitionIndex: 0, timestamp: -1 },
      { partitionIndex: 0, timestamp: -2 },
    ]
    await t.call('ListOffsets', version, {
      replicaId: -1,
      topics: [{ name: topic.name, partitions }],
      timeoutMs: 1000,
    })
    await t.call('ListOffsets', version, { replicaId: -1, topics: [], timeoutMs: 1000 })
  },
}
