// Topics and their settings through a library's administrator.
import { ask, list } from '../../ask.ts'
import { appendBatch, readPartition } from '../raw-log.ts'
import type { Scenario, Stage } from '../scenario.ts'
import { BASE_TIME } from '../wire-record.ts'

const TOPIC_ALREADY_EXISTS = 36
const UNKNOWN_TOPIC_OR_PARTITION = 3
const INVALID_CONFIG = 40

const lifeOfATopic: Scenario = {
  name: 'life of a topic',
  about:
    'create, list, describe, delete; creating it twice or deleting it twice is refused by name',
  needs: ['createTopic', 'listTopics', 'deleteTopic'],
  async run(stage) {
    const configs = { 'retention.ms': '3600000' }
    const topic = await stage.topicByClient('life', 3, configs)
    const wanted = { topic, partitions: 3, configs }
    await stage.until('the topic being listed', async () => (await names(stage)).includes(topic))
    const again = stage.client.ask('createTopic', wanted)
    await stage.refused('the same name', TOPIC_ALREADY_EXISTS, again)
    if (!stage.lacks('describeTopic')) {
      const described = await stage.client.ask('describeTopic', { topic })
      stage.equal('partitions', described['partitions'], 3)
      const leaders = described['leaders'] as number[]
      stage.holds('every partition has a leader', leaders.length === 3 && leaders.every((id) => id >= 0)) // prettier-ignore
    }
    await appendBatch(stage.at, topic, 2, [{ timestamp: BASE_TIME, key: null, value: null }])
    await stage.client.ask('deleteTopic', { topic })
    await stage.until('the topic being gone', async () => !(await names(stage)).includes(topic))
    const gone = stage.client.ask('deleteTopic', { topic })
    await stage.refused('a topic that is gone', UNKNOWN_TOPIC_OR_PARTITION, gone)
  },
}

const settings: Scenario = {
  name: 'settings of a topic',
  about: 'given at the creation, read, altered, the others stay; a wrong one is refused',
  needs: ['createTopic', 'topicConfigs', 'alterConfigs'],
  async run(stage) {
    const configs = { 'retention.ms': '3600000', 'max.message.bytes': '200000' }
    const topic = await stage.topicByClient('settings', 1, configs)
    const wanted = [...Object.keys(configs), 'cleanup.policy']
    const read = async () =>
      (await stage.client.ask('topicConfigs', { topic, names: wanted }))['configs']
    stage.equal('at first', await read(), { ...configs, 'cleanup.policy': 'delete' })
    await stage.client.ask('alterConfigs', { topic, configs: { 'retention.ms': '7200000' } })
    const altered = { ...configs, 'retention.ms': '7200000', 'cleanup.policy': 'delete' }
    stage.equal('altered', await read(), altered)
    const wrong = { topic, configs: { 'retention.ms': 'soon' } }
    await stage.refused('no number', INVALID_CONFIG, stage.client.ask('alterConfigs', wrong))
    stage.equal('after the refusal', await read(), altered)
  },
}

const morePartitions: Scenario = {
  name: 'more partitions',
  about: 'partitions are added, and take records at once',
  needs: ['addPartitions'],
  async run(stage) {
    const topic = await stage.topic('more', 2)
    await stage.client.ask('addPartitions', { topic, total: 5 })
    await stage.until('five partitions', async () => {
      const request = { topics: [{ name: topic }], allowAutoTopicCreation: false }
      const reply = await ask(stage.at, 'Metadata', 5, request)
      return list(list(reply, 'topics')[0]!, 'partitions').length === 5
    })
    await appendBatch(stage.at, topic, 4, [{ timestamp: BASE_TIME, key: null, value: null }])
    const INVALID_PARTITIONS = 37
    const fewer = stage.client.ask('addPartitions', { topic, total: 3 })
    await stage.refused('fewer partitions', INVALID_PARTITIONS, fewer)
  },
}

const deleteRecords: Scenario = {
  name: 'delete records',
  about: 'what is before an offset is gone for readers',
  needs: ['deleteRecords'],
  async run(stage) {
    const topic = await stage.topic('deleted')
    for (let i = 0; i < 6; i++) {
      await appendBatch(stage.at, topic, 0, [{ timestamp: BASE_TIME + i, key: null, value: null }])
    }
    await stage.client.ask('deleteRecords', { topic, offsets: [[0, 4]] })
    const left = await readPartition(stage.at, topic, 0)
    const offsets = left.flatMap(({ records }) => records.map(({ offset }) => offset))
    stage.equal('offsets left', offsets, [4, 5])
  },
}

export const administrating: readonly Scenario[] = [
  lifeOfATopic,
  settings,
  morePartitions,
  deleteRecords,
]

async function names(stage: Stage): Promise<string[]> {
  return (await stage.client.ask('listTopics'))['topics'] as string[]
}
