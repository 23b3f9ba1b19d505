// CreateTopics: defaults, assignments, names, configs, what is refused and in which order.
import type { Message } from '../codec.ts'
import { makeTopic, usable } from '../steps.ts'
import type { Scenario } from '../trial.ts'

const PLAIN = { numPartitions: 1, replicationFactor: 1 }

export const createTopics: Scenario = {
  name: '19-create-topics',
  async run(t) {
    for (const version of t.versions('CreateTopics')) {
      const create = (label: string, topics: readonly Message[], validateOnly = false) => {
        const request = { topics, timeoutMs: 10_000, validateOnly }
        return t.call('CreateTopics', version, request, { label })
      }
      const name = t.named(`v${version}`)
      await create('validate', [{ ...PLAIN, name }], true)
      await create('create', [{ ...PLAIN, name, numPartitions: 2 }])
      await usable(t, name, 2)
      await create('again', [{ ...PLAIN, name }])
      await create('again, validate', [{ ...PLAIN, name }], true)
      await create('none', [])
      if (version >= 4) {
        const defaults = { name: `${name}-defaults`, numPartitions: -1, replicationFactor: -1 }
        await create('defaults', [defaults])
      } else {
        await create('no defaults yet', [
          { name: `${name}-defaults`, numPartitions: -1, replicationFactor: -1 },
        ])
      }
      await create('configs', [
        {
          ...PLAIN,
          name: `${name}-configs`,
          configs: [
            { name: 'cleanup.policy', value: 'compact' },
            { name: 'retention.ms', value: '1000' },
          ],
        },
      ])
      await create('two', [
        { ...PLAIN, name: `${name}-x` },
        { ...PLAIN, name },
      ])
    }
  },
}

export const createTopicsRefused: Scenario = {
  name: '19-create-topics-refused',
  async run(t) {
    const existing = await makeTopic(t, 'existing')
    const version = t.newest('CreateTopics')
    const fresh = t.named('fresh')
    const cases: [string, Message][] = [
      ['partitions 0', { numPartitions: 0 }],
      ['partitions -2', { numPartitions: -2 }],
      ['replication 0', { replicationFactor: 0 }],
      ['replication -2', { replicationFactor: -2 }],
      ['replication 2', { replicationFactor: 2 }],
      ['partitions 0, replication 2', { numPartitions: 0, replicationFactor: 2 }],
      ['existing, partitions 0', { name: existing.name, numPartitions: 0 }],
      ['empty name', { name: '' }],
      ['dot', { name: '.' }],
      ['dots', { name: '..' }],
      ['blank', { name: 'a b' }],
      ['too long', { name: 'x'.repeat(250) }],
      ['collision', { name: existing.name.replaceAll('-', '.') }],
      ['bad config key', { configs: [{ name: 'no.such.key', value: '1' }] }],
      ['bad config value', { configs: [{ name: 'retention.ms', value: 'soon' }] }],
      ['config out of range', { configs: [{ name: 'segment.bytes', value: '1' }] }],
      ['null config', { configs: [{ name: 'retention.ms', value: null }] }],
      ['empty config key', { configs: [{ name: '', value: '1' }] }],
      ['bad policy', { configs: [{ name: 'cleanup.policy', value: 'burn' }] }],
      ['bad config, partitions 0', { numPartitions: 0, configs: [{ name: 'x', value: '1' }] }],
      ['assignment and counts', { assignments: [{ partitionIndex: 0, brokerIds: [1] }] }],
    ]
    const byHand: [string, Message[]][] = [
      ['assigned', [{ partitionIndex: 0, brokerIds: [1] }]],
      ['unknown broker', [{ partitionIndex: 0, brokerIds: [9] }]],
      ['twice the same', [{ partitionIndex: 0, brokerIds: [1, 1] }]],
      ['no replicas', [{ partitionIndex: 0, brokerIds: [] }]],
      ['gap', [{ partitionIndex: 1, brokerIds: [1] }]],
      ['negative broker', [{ partitionIndex: 0, brokerIds: [-1] }]],
      ['negative partition', [{ partitionIndex: -1, brokerIds: [1] }]],
      [
        'uneven',
        [
          { partitionIndex: 0, brokerIds: [1] },
          { partitionIndex: 1, brokerIds: [1, 1] },
        ],
      ],
      [
        'same partition twice',
        [
          { partitionIndex: 0, brokerIds: [1] },
          { partitionIndex: 0, brokerIds: [1] },
        ],
      ],
    ]
    for (const [label, assignments] of byHand) {
      cases.push([label, { numPartitions: -1, replicationFactor: -1, assignments }])
    }
    for (const [label, fields] of cases) {
      const topics = [{ ...PLAIN, name: fresh, ...fields }]
      await t.call('CreateTopics', version, { topics, validateOnly: true }, { label })
    }
    const twice = [
      { ...PLAIN, name: fresh },
      { ...PLAIN, name: fresh },
      { ...PLAIN, name: t.named('third') },
    ]
    for (const version of t.versions('CreateTopics')) {
      await t.call('CreateTopics', version, { topics: twice, validateOnly: true })
    }
  },
}
