// DeleteTopics, CreatePartitions and DeleteRecords: what goes, what grows, what is cut, and refusals.
import { simpleBatch } from '../batch.ts'
import { fetchFrom, gone, listOffsets, makeTopic, produce, UNKNOWN_ID, usable } from '../steps.ts'
import type { Scenario } from '../trial.ts'

export const deleteTopics: Scenario = {
  name: '20-delete-topics',
  async run(t) {
    for (const version of t.versions('DeleteTopics')) {
      const topic = await makeTopic(t, `v${version}`)
      const remove = (label: string, names: readonly string[], topics: readonly object[]) => {
        const body = version >= 6 ? { topics } : { topicNames: names }
        return t.call('DeleteTopics', version, { ...body, timeoutMs: 10_000 }, { label })
      }
      const byName = (name: string) => ({ name })
      await remove('one', [topic.name], [byName(topic.name)])
      await gone(t, topic.name)
      await remove('again', [topic.name], [byName(topic.name)])
      await remove('none', [], [])
      const a = await makeTopic(t, `a${version}`)
      const missing = t.named('missing')
      await remove('twice', [a.name, a.name], [byName(a.name), byName(a.name)])
      await remove('mixed', [missing, a.name, ''], [byName(missing), byName(a.name), byName('')])
      await gone(t, a.name)
    }
  },
}

export const deleteTopicsById: Scenario = {
  name: '20-delete-topics-by-id',
  async run(t) {
    for (const version of t.versions('DeleteTopics', 6)) {
      const remove = (label: string, topics: readonly object[]) =>
        t.call('DeleteTopics', version, { topics, timeoutMs: 10_000 }, { label })
      const a = await makeTopic(t, 'a')
      const b = await makeTopic(t, 'b')
      await remove('unknown id', [{ name: null, topicId: UNKNOWN_ID }])
      await remove('id and name', [{ name: a.name, topicId: a.id }])
      await remove('neither', [{ name: null }])
      await remove('id and its name apart', [{ name: a.name }, { name: null, topicId: a.id }])
      await remove('id twice', [
        { name: null, topicId: a.id },
        { name: null, topicId: a.id },
      ])
      await produce(t, a, simpleBatch(1))
      await remove('id', [{ name: null, topicId: a.id }, { name: b.name }])
      await gone(t, a.name)
      await gone(t, b.name)
      await remove('the id is gone', [{ name: null, topicId: a.id }])
      await fetchFrom(t, a, { label: 'fetch by the old id' })
      await produce(t, a, simpleBatch(1), { label: 'produce to the old id' })
      const again = await makeTopic(t, 'a')
      await fetchFrom(t, { name: again.name, id: a.id }, { label: 'the old id, new topic' })
      await fetchFrom(t, again, { label: 'the new id' })
      await remove('clean up', [{ name: again.name }])
      await gone(t, again.name)
    }
  },
}

export const createPartitions: Scenario = {
  name: '37-create-partitions',
  async run(t) {
    for (const version of t.versions('CreatePartitions')) {
      const topic = await makeTopic(t, `v${version}`, 2)
      const grow = (label: string, topics: readonly object[], validateOnly = false) =>
        t.call('CreatePartitions', version, { topics, timeoutMs: 10_000, validateOnly }, { label })
      const to = (count: number, fields: object = {}) => ({
        name: topic.name,
        count,
        assignments: null,
        ...fields,
      })
      await grow('validate', [to(4)], true)
      await grow('to 3', [to(3)])
      await usable(t, topic.name, 3)
      await grow('the same', [to(3)])
      await grow('fewer', [to(2)])
      await grow('none', [to(0)])
      await grow('negative', [to(-1)])
      await grow('unknown', [{ name: t.named('missing'), count: 3, assignments: null }])
      await grow('twice', [to(5), to(6)], true)
      await grow('nothing', [])
      await grow('assigned', [to(4, { assignments: [{ brokerIds: [1] }] })], true)
      await grow('wrong count', [to(5, { assignments: [{ brokerIds: [1] }] })], true)
      await grow('no assignments', [to(5, { assignments: [] })], true)
      await grow('unknown broker', [to(4, { assignments: [{ brokerIds: [7] }] })], true)
      await grow('two replicas', [to(4, { assignments: [{ brokerIds: [1, 2] }] })], true)
      await grow('empty replicas', [to(4, { assignments: [{ brokerIds: [] }] })], true)
      await produce(t, topic, simpleBatch(1), { partition: 2 })
    }
  },
}

export const deleteRecords: Scenario = {
  name: '21-delete-records',
  async run(t) {
    for (const version of t.versions('DeleteRecords')) {
      const topic = await makeTopic(t, `v${version}`)
      for (let i = 0; i < 3; i++) await produce(t, topic, simpleBatch(3))
      const cut = (
        label: string,
        offset: number,
        fields: { name?: string; partition?: number } = {},
      ) =>
        t.call(
          'DeleteRecords',
          version,
          {
            topics: [
              {
                name: fields.name ?? topic.name,
                partitions: [{ partitionIndex: fields.partition ?? 0, offset }],
              },
            ],
            timeoutMs: 5000,
          },
          { label },
        )
      await cut('mid-batch', 4)
      await fetchFrom(t, topic, { offset: 0, label: 'before the start' })
      await fetchFrom(t, topic, { offset: 4, label: 'at the start' })
      await listOffsets(t, topic.name, -2)
      await produce(t, topic, simpleBatch(1), { label: 'says the log start' })
      await cut('back', 1)
      await cut('beyond', 99)
      await cut('offset -2', -2)
      await cut('to the high watermark', -1)
      await listOffsets(t, topic.name, -2)
      await cut('no partition', 0, { partition: 4 })
      await cut('no topic', 0, { name: t.named('missing') })
      await t.call('DeleteRecords', version, { topics: [], timeoutMs: 1000 })
      const compact = await makeTopic(t, `compact${version}`, 1, { 'cleanup.policy': 'compact' })
      await produce(t, compact, simpleBatch(2))
      await cut('compacted', 1, { name: compact.name })
    }
  },
}
