import { expect, expectTypeOf, test } from 'vitest'
import { type ConfigInput, loadConfig } from '../../src/config/load.ts'
import { StartFailure } from '../../src/config/start-failure.ts'

function file(text: string): ConfigInput['file'] & object {
  return { name: 'server.properties', text }
}

function failure(input: ConfigInput): StartFailure {
  try {
    loadConfig(input)
  } catch (error) {
    if (error instanceof StartFailure) return error
    throw error
  }
  throw new Error('loadConfig did not fail')
}

test('without any source everything has a value that suits one machine', () => {
  const config = loadConfig()
  expect(config.nodeId).toBe(1)
  expect(config.logDirectories).toEqual(['./samsa-data'])
  expect(config.get('process.roles')).toEqual(['broker', 'controller'])
  expect(config.get('group.initial.rebalance.delay.ms')).toBe(0)
  expect(config.listeners).toEqual([
    {
      name: 'PLAINTEXT',
      protocol: 'PLAINTEXT',
      host: 'localhost',
      port: 9092,
      advertised: null,
      isController: false,
    },
  ])
  expect(config.warnings).toEqual([])
})

test('the type of a value follows from the kind of its key', () => {
  const config = loadConfig()
  expectTypeOf(config.get('log.segment.bytes')).toEqualTypeOf<number>()
  expectTypeOf(config.get('log.retention.ms')).toEqualTypeOf<number | null>()
  expectTypeOf(config.get('auto.create.topics.enable')).toEqualTypeOf<boolean>()
  expectTypeOf(config.get('listeners')).toEqualTypeOf<readonly string[]>()
  expect(config.get('log.segment.bytes')).toBe(1_073_741_824)
})

test('a later source wins over an earlier one and is remembered as the source', () => {
  const config = loadConfig({
    file: file('num.partitions=2\nlog.segment.bytes=2000000\nlog.retention.hours=1'),
    environment: { KAFKA_NUM_PARTITIONS: '3', KAFKA_LOG_SEGMENT_BYTES: '3000000' },
    set: ['num.partitions=4'],
  })
  expect(config.get('num.partitions')).toBe(4)
  expect(config.sourceOf('num.partitions')).toBe('command line')
  expect(config.get('log.segment.bytes')).toBe(3_000_000)
  expect(config.sourceOf('log.segment.bytes')).toBe('environment')
  expect(config.sourceOf('log.retention.hours')).toBe('file')
  expect(config.sourceOf('group.initial.rebalance.delay.ms')).toBe('profile')
  expect(config.sourceOf('fetch.max.bytes')).toBe('default')
})

test('the kafka profile leaves every default as Apache Kafka has it', () => {
  const config = loadConfig({ set: ['samsa.profile=kafka'] })
  expect(config.get('group.initial.rebalance.delay.ms')).toBe(3000)
  expect(config.get('listeners')).toEqual(['PLAINTEXT://:9092'])
  expect(config.logDirectories).toEqual(['/tmp/kafka-logs'])
})

test('a configuration that names several controllers gets the kafka profile', () => {
  const voters = 'controller.quorum.voters=1@a:9093,2@b:9093'
  expect(loadConfig({ file: file(voters) }).get('samsa.profile')).toBe('kafka')
  const own = 'controller.quorum.voters=1@a:9093'
  expect(loadConfig({ file: file(own) }).get('samsa.profile')).toBe('development')
})

test.each([
  [
    { file: file('\nlog.segment.bytes=12kb') },
    "log.segment.bytes is '12kb' (server.properties, line 2): allowed is a whole number from 1048576 to 2147483647.",
  ],
  [
    { environment: { KAFKA_COMPRESSION_TYPE: 'rar' } },
    "compression.type is 'rar' (environment variable KAFKA_COMPRESSION_TYPE): allowed is uncompressed, zstd, lz4, snappy, gzip or producer.",
  ],
  [
    { set: ['num.partition=3'] },
    'num.partition (--set) is not a known key: did you mean num.partitions?',
  ],
  [{ set: ['=3'] }, "--set is given '=3': allowed is key=value."],
  [
    { environment: { SAMSA_PROFIL: 'kafka' } },
    'samsa.profil (environment variable SAMSA_PROFIL) is not a known key: did you mean samsa.profile?',
  ],
  [
    { set: ['zookeeper.connect=a:1'] },
    'zookeeper.connect (--set) is not supported: ZooKeeper is not needed.',
  ],
  [
    { set: ['ssl.key.password=x', 'node.id=1', 'broker.id=2'] },
    'node.id is 1 and broker.id is 2: both name this node, so set one of them or the same value twice.',
  ],
  [
    { file: file('completely.unheard.of=1'), strict: true },
    'completely.unheard.of (server.properties, line 1) is not a known key: samsa config lists the known keys.',
  ],
])('case %#: a wrong setting is one sentence and exit code 2', (input, sentence) => {
  const failed = failure(input)
  expect(failed.sentence).toBe(sentence)
  expect(failed.exitCode).toBe(2)
})

test('an unknown key in a file is a warning with the nearest known name', () => {
  const config = loadConfig({ file: file('num.partition=3\nzookeeper.connect=localhost:2181') })
  expect(config.warnings).toEqual([
    'num.partition (server.properties, line 1) is not a known key: did you mean num.partitions?',
    'zookeeper.connect (server.properties, line 2) is ignored: ZooKeeper is not needed.',
  ])
})

test('a KAFKA_ variable that names no key is a remark for the debug level', () => {
  const config = loadConfig({ environment: { KAFKA_HEAP_OPTS: '-Xmx1g', PATH: '/bin' } })
  expect(config.remarks).toEqual([
    'Environment variable KAFKA_HEAP_OPTS names no known key; it is ignored.',
  ])
})

test('environment variables spell underscores and dashes as the official image does', () => {
  const config = loadConfig({
    environment: {
      KAFKA_LISTENER_NAME_MY__OWN___NAME_SSL_KEY_PASSWORD: 'secret',
      SAMSA_TAIL_CACHE_BYTES: '1',
      CLUSTER_ID: 'MkU3OEVBNTcwNTJENDM2Qk',
    },
  })
  expect(config.explicit.get('listener.name.my_own-name.ssl.key.password')).toBe('secret')
  expect(config.get('samsa.tail.cache.bytes')).toBe(1)
  expect(config.get('samsa.cluster.id')).toBe('MkU3OEVBNTcwNTJENDM2Qk')
})

test('broker.id stands in for node.id', () => {
  const config = loadConfig({ file: file('broker.id=7') })
  expect(config.nodeId).toBe(7)
  expect(config.get('node.id')).toBe(7)
  expect(config.explicit.get('node.id')).toBe('7')
})

test('--port moves the first listener that is not the controller', () => {
  const listeners = 'listeners=CONTROLLER://:9093,PLAINTEXT://:9092\n'
  const config = loadConfig({
    file: file(`${listeners}controller.listener.names=CONTROLLER`),
    port: 0,
  })
  expect(config.listeners.map(({ name, port }) => [name, port])).toEqual([
    ['CONTROLLER', 9093],
    ['PLAINTEXT', 0],
  ])
  expect(loadConfig({ port: 19_092 }).listeners[0]).toMatchObject({
    host: 'localhost',
    port: 19_092,
    advertised: null,
  })
})
