// Metadata: which topics an empty list, null, a name or an id means at each version, auto-creation, and
// the members that clients read without being told: controller, epochs, authorised operations.
import { UNKNOWN_ID, makeTopic, usable } from '../steps.ts'
import type { Scenario } from '../trial.ts'

export const metadata: Scenario = {
  name: '03-metadata',
  async run(t) {
    const topic = await makeTopic(t, 'a', 3)
    await makeTopic(t, 'b', 1)
    for (const version of t.versions('Metadata')) {
      const some = { topics: [{ name: topic.name }, { name: t.named('b') }] }
      await t.call('Metadata', version, { ...some, allowAutoTopicCreation: false })
      // v0 cannot say "none": its empty list means all. From v1 null means all.
      await t.call('Metadata', version, { topics: [] }, { label: 'empty' })
      if (version >= 1) await t.call('Metadata', version, { topics: null }, { label: 'null' })
      const unknown = { topics: [{ name: t.named('unknown') }], allowAutoTopicCreation: false }
      if (version >= 4) await t.call('Metadata', version, unknown, { label: 'unknown' })
    }
    for (const version of t.versions('Metadata', 8)) {
      await t.call('Metadata', version, {
        topics: [{ name: topic.name }],
        includeTopicAuthorizedOperations: true,
        ...(version <= 10 ? { includeClusterAuthorizedOperations: true } : {}),
      })
    }
  },
}

export const metadataById: Scenario = {
  name: '03-metadata-by-id',
  async run(t) {
    const topic = await makeTopic(t, 'a', 2)
    const other = await makeTopic(t, 'b', 1)
    for (const version of t.versions('Metadata', 10)) {
      const ask = (label: string, topics: readonly object[]) =>
        t.call('Metadata', version, { topics, allowAutoTopicCreation: false }, { label })
      await ask('one id', [{ topicId: topic.id, name: null }])
      await ask('two ids', [
        { topicId: topic.id, name: null },
        { topicId: other.id, name: null },
      ])
      await ask('unknown id', [{ topicId: UNKNOWN_ID, name: null }])
      await ask('known and unknown', [
        { topicId: topic.id, name: null },
        { topicId: UNKNOWN_ID, name: null },
      ])
      await ask('id and name', [{ topicId: topic.id, name: topic.name }])
      await ask('id and another name', [{ topicId: topic.id, name: other.name }])
      await ask('id beside name', [{ topicId: topic.id, name: null }, { name: other.name }])
      await ask('neither', [{ name: null }])
    }
  },
}

export const metadataNames: Scenario = {
  name: '03-metadata-names',
  async run(t) {
    const topic = await makeTopic(t, 'a', 1)
    for (const name of [
      '',
      '.',
      '..',
      'a b',
      'ä',
      'x'.repeat(249),
      'x'.repeat(250),
      'a/b',
      'a:b',
    ]) {
      for (const allowAutoTopicCreation of [false, true]) {
        if (name === 'x'.repeat(249) && allowAutoTopicCreation) continue
        const request = { topics: [{ name }], allowAutoTopicCreation }
        const label = `"${name.slice(0, 8)}" ${allowAutoTopicCreation}`
        await t.call('Metadata', t.newest('Metadata'), request, { label })
      }
    }
    const twice = { topics: [{ name: topic.name }, { name: topic.name }] }
    for (const version of t.versions('Metadata')) {
      await t.call('Metadata', version, { ...twice, allowAutoTopicCreation: false })
    }
  },
}

export const autoCreate: Scenario = {
  name: '03-metadata-auto-create',
  async run(t) {
    for (const version of t.versions('Metadata')) {
      const name = t.named(`auto-${version}`)
      const request = { topics: [{ name }], allowAutoTopicCreation: true }
      await t.call('Metadata', version, request, { label: 'first' })
      await usable(t, name, 1)
      await t.call('Metadata', version, request, { label: 'then' })
    }
    // Two spellings of one metric name: a collision.
    await makeTopic(t, 'col.lide', 1)
    const collision = { topics: [{ name: t.named('col_lide') }], allowAutoTopicCreation: true }
    await t.call('Metadata', t.newest('Metadata'), collision, { label: 'collision' })
  },
}
