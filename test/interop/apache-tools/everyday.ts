// What everybody does with Apache's tools: topics, the console producer and consumer, configs, offsets.
import { sortedLines, tableRows, TOOLS, type Tools } from './tools.ts'

export const LINES = 500

const TOPICS = `${TOOLS}.TopicCommand`

/** `isLossy`: the planted fault; the first line is not produced. */
export async function everyday(tools: Tools, isLossy = false): Promise<void> {
  const config = ['--config', 'retention.ms=3600000']
  const wanted = ['--topic', 'java', '--partitions', '6', '--replication-factor', '1', ...config]
  await tools.use('kafka-topics --create', TOPICS, ['--create', ...wanted])
  await tools.shows('kafka-topics lists it', TOPICS, ['--list'], (listed) =>
    listed.split('\n').includes('java'),
  )
  await tools.shows(
    'kafka-topics describes 6 partitions and the config',
    TOPICS,
    ['--describe', '--topic', 'java'],
    (described) =>
      described.match(/Leader: 1\s+Replicas: 1\s+Isr: 1/g)?.length === 6 &&
      /PartitionCount: 6.*retention\.ms=3600000/.test(described),
  )
  await byConsole(tools, isLossy)
  await configs(tools)
  const ends = await tools.use('kafka-get-offsets', `${TOOLS}.GetOffsetShell`, ['--topic', 'java'])
  const sum = sortedLines(ends).reduce((total, line) => total + Number(line.split(':')[2]), 0)
  tools.equal('the ends add up', sum, isLossy ? LINES - 1 : LINES)
  await tools.use('kafka-topics --alter', TOPICS, [
    '--alter',
    '--topic',
    'java',
    '--partitions',
    '8',
  ])
  await tools.use('kafka-topics --create', TOPICS, ['--create', '--topic', 'gone'])
  await tools.shows('kafka-topics lists the second one', TOPICS, ['--list'], (listed) => {
    return listed.split('\n').includes('gone')
  })
  await tools.use('kafka-topics --delete', TOPICS, ['--delete', '--topic', 'gone'])
  await tools.shows('a deleted topic is gone', TOPICS, ['--list'], (left) => {
    return !left.split('\n').includes('gone')
  })
}

async function byConsole(tools: Tools, isLossy: boolean): Promise<void> {
  const { consoleProducer, readerProperty, formatterProperty } = tools.dialect
  const lines = Array.from({ length: LINES }, (_, i) => `k${i}\tv${i}`)
  const sent = isLossy ? lines.slice(1) : lines
  const producing = ['--topic', 'java', readerProperty, 'parse.key=true', '--sync']
  producing.push('--compression-codec', 'zstd', '--timeout', '10')
  await tools.use('console producer', consoleProducer, producing, `${sent.join('\n')}\n`)
  const reading = ['--topic', 'java', '--from-beginning', '--group', 'console']
  reading.push(formatterProperty, 'print.key=true', '--timeout-ms', '10000')
  reading.push('--max-messages', String(sent.length))
  const read = await tools.use('console consumer', `${TOOLS}.consumer.ConsoleConsumer`, reading)
  tools.equal('console consumer reads the same lines', sortedLines(read), [...lines].sort())
  const group = await tools.use(
    'kafka-consumer-groups --describe',
    `${TOOLS}.consumer.group.ConsumerGroupCommand`,
    ['--describe', '--group', 'console'],
  )
  const lags = tableRows(group, 'console').map((cells) => cells[5])
  tools.equal('the group has no lag in 6 partitions', lags, Array(6).fill('0'))
}

async function configs(tools: Tools): Promise<void> {
  const className = 'kafka.admin.ConfigCommand'
  const topic = ['--entity-type', 'topics', '--entity-name', 'java']
  const add = ['--alter', '--add-config', 'segment.bytes=2000000', ...topic]
  await tools.use('kafka-configs --alter', className, add)
  await tools.shows(
    'kafka-configs --describe shows the new config and the old one',
    className,
    ['--describe', ...topic],
    (shown) => /segment\.bytes=2000000/.test(shown) && /retention\.ms=3600000/.test(shown),
  )
  const broker = ['--entity-type', 'brokers', '--entity-name', '1']
  await tools.use('kafka-configs --describe --all', className, ['--describe', '--all', ...broker])
  const setting = 'log.cleaner.threads'
  const set = ['--alter', '--add-config', `${setting}=2`, ...broker]
  await tools.use("kafka-configs sets a broker's", className, set)
  const describe = ['--describe', ...broker]
  await tools.shows(`kafka-configs shows a broker's`, className, describe, (shown) => {
    return shown.includes(`${setting}=2`)
  })
  const unset = ['--alter', '--delete-config', setting, ...broker]
  await tools.use("kafka-configs unsets a broker's", className, unset)
  await tools.shows(`kafka-configs shows no broker's`, className, describe, (shown) => {
    return !shown.includes(setting)
  })
}
