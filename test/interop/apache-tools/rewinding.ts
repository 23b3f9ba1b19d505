// Groups and offsets by hand: reset in every way, exported and imported, deleted; records deleted.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { sortedLines, tableRows, TOOLS, type Tools } from './tools.ts'

const GROUPS = `${TOOLS}.consumer.group.ConsumerGroupCommand`
const OFFSETS = `${TOOLS}.GetOffsetShell`
const TOPIC = 'rewound'
const GROUP = 'rewinder'

export async function rewinding(tools: Tools, scratch: string): Promise<void> {
  await filled(tools)
  const resets = async (how: readonly string[], expected: readonly (readonly number[])[]) => {
    const args = ['--reset-offsets', '--group', GROUP, ...how, '--execute']
    const printed = await tools.use(`kafka-consumer-groups ${how.join(' ')}`, GROUPS, args)
    tools.equal(`${how.join(' ')} sets`, offsetsIn(printed), expected)
  }
  const both = ['--topic', TOPIC]
  await resets(
    [...both, '--to-earliest'],
    [
      [0, 0],
      [1, 0],
    ],
  )
  await resets(['--topic', `${TOPIC}:0`, '--shift-by', '3'], [[0, 3]])
  await resets(
    ['--all-topics', '--to-latest'],
    [
      [0, 4],
      [1, 4],
    ],
  )
  await resets(
    [...both, '--to-offset', '2'],
    [
      [0, 2],
      [1, 2],
    ],
  )
  await resets(
    [...both, '--to-datetime', '2020-01-01T00:00:00.000'],
    [
      [0, 0],
      [1, 0],
    ],
  )
  await resets(['--topic', `${TOPIC}:1`, '--to-offset', '1'], [[1, 1]])
  const current = ['--reset-offsets', '--group', GROUP, ...both, '--to-current', '--export']
  const exported = await tools.use('kafka-consumer-groups --export', GROUPS, [
    ...current,
    '--dry-run',
  ])
  tools.equal('it exports', sortedLines(exported), [`${TOPIC},0,0`, `${TOPIC},1,1`])
  const plan = path.join(scratch, 'plan.csv')
  writeFileSync(plan, `${TOPIC},0,1\n${TOPIC},1,3\n`)
  await resets(
    ['--from-file', plan],
    [
      [0, 1],
      [1, 3],
    ],
  )
  await forgotten(tools)
  await deletedRecords(tools, scratch)
}

/** Four records in each of two partitions, read by the group. */
async function filled(tools: Tools): Promise<void> {
  const { consoleProducer, readerProperty } = tools.dialect
  const topics = `${TOOLS}.TopicCommand`
  const wanted = ['--topic', TOPIC, '--partitions', '2', '--replication-factor', '1']
  await tools.use('kafka-topics --create', topics, ['--create', ...wanted])
  const describe = ['--describe', '--topic', TOPIC]
  await tools.shows('both partitions are led', topics, describe, (described) => {
    return described.match(/Leader: 1/g)?.length === 2
  })
  // By murmur2 a, b, c and e belong to partition 0, the others to partition 1.
  const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => `${key}\t${key}`)
  const producing = ['--topic', TOPIC, readerProperty, 'parse.key=true', '--sync']
  await tools.use('console producer', consoleProducer, producing, `${lines.join('\n')}\n`)
  const reading = ['--topic', TOPIC, '--group', GROUP, '--from-beginning', '--max-messages', '8']
  const consumer = `${TOOLS}.consumer.ConsoleConsumer`
  await tools.use('console consumer', consumer, [...reading, '--timeout-ms', '10000'])
  const states = await tools.use('kafka-consumer-groups --state', GROUPS, [
    '--describe',
    '--group',
    GROUP,
    '--state',
  ])
  tools.expect('the group is empty', /\bEmpty\s+0\b/.test(states), states)
  // Version 3.9 has no such tool.
  if (tools.version === '3.9.2') return
  const groups = await tools.use('kafka-groups --list', `${TOOLS}.GroupsCommand`, ['--list'])
  const kinds = tableRows(groups, GROUP).map((cells) => cells.slice(1))
  tools.equal('kafka-groups says of what kind it is', kinds, [['Classic', 'consumer']])
}

async function forgotten(tools: Tools): Promise<void> {
  const describe = ['--describe', '--group', GROUP]
  const described = await tools.use('kafka-consumer-groups --describe', GROUPS, describe)
  const lags = tableRows(described, GROUP).map((cells) => cells.slice(2, 6))
  tools.equal('partition, offset, end and lag', lags, [
    ['0', '1', '4', '3'],
    ['1', '3', '4', '1'],
  ])
  const offsets = ['--delete-offsets', '--group', GROUP, '--topic', `${TOPIC}:0`]
  await tools.use('kafka-consumer-groups --delete-offsets', GROUPS, offsets)
  const left = await tools.use('kafka-consumer-groups --describe', GROUPS, describe)
  tools.equal(
    'one partition is left',
    tableRows(left, GROUP).map((cells) => cells[2]),
    ['1'],
  )
  await tools.use('kafka-consumer-groups --delete', GROUPS, ['--delete', '--group', GROUP])
  const listed = await tools.use('kafka-consumer-groups --list', GROUPS, ['--list'])
  tools.expect('the group is gone', !listed.split('\n').includes(GROUP), listed)
  const missing = await tools.says(GROUPS, describe)
  tools.expect('nobody knows it', /not found|does not exist/.test(missing), missing)
}

async function deletedRecords(tools: Tools, scratch: string): Promise<void> {
  const file = path.join(scratch, 'delete.json')
  const partitions = [{ topic: TOPIC, partition: 0, offset: 3 }]
  writeFileSync(file, JSON.stringify({ version: 1, partitions }))
  const deleting = ['--offset-json-file', file]
  const printed = await tools.use('kafka-delete-records', `${TOOLS}.DeleteRecordsCommand`, deleting)
  tools.expect('the low watermark is 3', /low_watermark: 3/.test(printed), printed)
  for (const [time, expected] of [
    ['earliest', [`${TOPIC}:0:3`, `${TOPIC}:1:0`]],
    ['latest', [`${TOPIC}:0:4`, `${TOPIC}:1:4`]],
  ] as const) {
    const args = ['--topic', TOPIC, '--time', time]
    const found = await tools.use(`kafka-get-offsets ${time}`, OFFSETS, args)
    tools.equal(`${time} offsets`, sortedLines(found), expected)
  }
}

/** Partition and new offset of each row; 3.9 prints its rows without line breaks. */
function offsetsIn(printed: string): number[][] {
  const row = new RegExp(`${GROUP}\\s+${TOPIC}\\s+(\\d+)\\s+(\\d+)`, 'g')
  const found = [...printed.matchAll(row)].map(([, partition, offset]) => {
    return [Number(partition), Number(offset)]
  })
  return found.sort(([left], [right]) => left! - right!)
}
