import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { refuseUnsupported } from '../../src/config/supported.ts'

function shipped(path: string): { name: string; text: string } {
  return { name: path, text: readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8') }
}

test.each(['config/server.properties', 'config/kraft/server.properties'])(
  '%s starts without a warning',
  (path) => {
    const config = loadConfig({ file: shipped(path), strict: true })
    refuseUnsupported(config)
    expect(config.warnings).toEqual([])
    expect(config.nodeId).toBe(1)
  },
)

test('config/server.properties says what would hold without it', () => {
  const config = loadConfig({ file: shipped('config/server.properties') })
  const usual = loadConfig()
  for (const name of config.explicit.keys()) {
    if (name === 'log.dirs') continue
    expect([name, config.get(name as 'listeners')]).toEqual([name, usual.get(name as 'listeners')])
  }
  expect(config.logDirectories).toEqual(usual.logDirectories)
})

// The settings of the files that Apache Kafka ships, without their comments.
const COMMON = [
  'num.network.threads=3',
  'num.io.threads=8',
  'socket.send.buffer.bytes=102400',
  'socket.receive.buffer.bytes=102400',
  'socket.request.max.bytes=104857600',
  'num.partitions=1',
  'num.recovery.threads.per.data.dir=1',
  'offsets.topic.replication.factor=1',
  'transaction.state.log.replication.factor=1',
  'transaction.state.log.min.isr=1',
  'log.retention.hours=168',
  'log.retention.check.interval.ms=300000',
]
const COMBINED = [
  'process.roles=broker,controller',
  'node.id=1',
  'listeners=PLAINTEXT://:9092,CONTROLLER://:9093',
  'inter.broker.listener.name=PLAINTEXT',
  'advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093',
  'controller.listener.names=CONTROLLER',
  'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,' +
    'SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL',
  'log.dirs=/tmp/kraft-combined-logs',
  'log.segment.bytes=1073741824',
]

test('the ZooKeeper file of Apache Kafka 3.9 starts', () => {
  const text = [
    'broker.id=0',
    'log.dirs=/tmp/kafka-logs',
    'zookeeper.connect=localhost:2181',
    'zookeeper.connection.timeout.ms=18000',
    'group.initial.rebalance.delay.ms=0',
    ...COMMON,
  ].join('\n')
  const config = loadConfig({ file: { name: 'server.properties', text } })
  refuseUnsupported(config)
  expect(config.nodeId).toBe(0)
  expect(config.logDirectories).toEqual(['/tmp/kafka-logs'])
  expect(config.warnings).toHaveLength(2)
  expect(config.warnings.join()).toMatch(/ZooKeeper is not needed/)
})

test.each([
  ['3.9', 'controller.quorum.voters=1@localhost:9093'],
  ['4.x', 'controller.quorum.bootstrap.servers=localhost:9093'],
])('the combined file of Apache Kafka %s starts', (_, quorum) => {
  const share = [
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
  ]
  const text = [quorum, ...COMBINED, ...COMMON, ...share].join('\n')
  const config = loadConfig({ file: { name: 'server.properties', text }, strict: true })
  refuseUnsupported(config)
  expect(config.warnings).toEqual([])
  expect(config.get('samsa.profile')).toBe('development')
  expect(
    config.listeners.map(({ name, port, isController }) => [name, port, isController]),
  ).toEqual([
    ['PLAINTEXT', 9092, false],
    ['CONTROLLER', 9093, true],
  ])
  expect(config.listeners[0]!.advertised).toMatchObject({ host: 'localhost', port: 9092 })
})
