import { expect, test } from 'vitest'
import { parseAddress } from '../../src/cli/connection.ts'
import { consume } from '../../src/cli/consume.ts'
import { produce } from '../../src/cli/produce.ts'
import { topics } from '../../src/cli/topics.ts'
import { StartFailure } from '../../src/config/start-failure.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { type FakeContext, fakeContext } from './fake-context.ts'

// Called without the lazy loading of commands.ts: virtual time would run out before a real import.
async function runCommand(context: FakeContext, [name, ...words]: string[]): Promise<number> {
  try {
    return await { produce, consume, topics }[name as 'topics'](context, words)
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error
    context.printed.error += `${error.sentence}\n`
    return error.exitCode
  }
}

async function start(): Promise<{
  cluster: FakeCluster
  run: (words: string[], input?: readonly string[]) => Promise<[number, FakeContext]>
}> {
  const cluster = await FakeCluster.start(1)
  const { host, port } = cluster.address()
  return {
    cluster,
    async run(words, input = []) {
      const context = fakeContext({
        network: async () => cluster.network,
        clock: cluster.clock,
        input: async function* () {
          for (const text of input) yield Buffer.from(text)
        },
      })
      const all = [...words, '--bootstrap-server', `${host}:${port}`]
      return [await cluster.run(runCommand(context, all)), context]
    },
  }
}

test('lines of standard input become records, and records become lines', async () => {
  const { cluster, run } = await start()
  cluster.topic('greetings', [0])
  const [code, sent] = await run(['produce', 'greetings'], ['hel', 'lo\r\n\nwor', 'ld'])
  expect([code, sent.printed]).toEqual([0, { out: '', error: '3 records sent to greetings\n' }])
  const [, read] = await run(['consume', 'greetings', '--from-beginning'])
  expect(read.printed.out).toBe('hello\n\nworld\n')
})

test('what stands before the separator is the key', async () => {
  const { cluster, run } = await start()
  cluster.topic('ages', [0])
  await run(['produce', 'ages', '--key-separator', ': '], ['ann: 7\nnobody\nbob: 8: 9\n'])
  const [, read] = await run(['consume', 'ages', '--from-beginning', '-k', '='])
  expect(read.printed.out).toBe('ann=7\n=nobody\nbob=8: 9\n')
})

test('--json tells everything about a record', async () => {
  const { cluster, run } = await start()
  cluster.topic('ages', [0])
  await run(['produce', 'ages', '-k', ':'], ['ann:7\n8\n'])
  const [, read] = await run(['consume', 'ages', '--from-beginning', '--json'])
  const lines = read.printed.out.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { partition: 0, offset: 0, key: 'ann', value: '7', headers: [] },
    { partition: 0, offset: 1, key: null, value: '8' },
  ])
})

test('--max ends after so many records, --follow when it is stopped', async () => {
  const { cluster, run } = await start()
  cluster.topic('numbers', [0])
  await run(['produce', 'numbers'], ['1\n2\n3\n'])
  const [code, some] = await run(['consume', 'numbers', '--from-beginning', '-f', '--max', '2'])
  expect([code, some.printed.out]).toEqual([0, '1\n2\n'])
})

test('a topic that is not there is one sentence', async () => {
  const { run } = await start()
  const [code, context] = await run(['consume', 'nothing', '--from-beginning'])
  expect([code, context.printed.error]).toEqual([
    1,
    'There is no topic nothing: samsa topics list shows those there are.\n',
  ])
})

test('a broker that does not answer is one sentence', async () => {
  const { cluster } = await start()
  const context = fakeContext({ network: async () => cluster.network, clock: cluster.clock })
  const running = runCommand(context, ['topics', 'list', '-b', '127.0.0.1:1'])
  expect(await cluster.run(running)).toBe(1)
  expect(context.printed.error).toBe(
    'No broker answers at 127.0.0.1:1: start one with samsa start, or name another with --bootstrap-server.\n',
  )
})

test('samsa topics list leaves out what does not belong to anyone', async () => {
  const { cluster, run } = await start()
  cluster.topic('b', [0])
  cluster.topic('a', [0])
  const [, context] = await run(['topics'])
  expect(context.printed.out).toBe('a\nb\n')
})

test.each([
  [['topics', 'make', 'x'], /does not know 'make': allowed is list, create, describe or delete/],
  [['topics', 'create'], /needs the name of a topic/],
  [['topics', 'create', 'x', '--partitions', '0'], /--partitions is '0'/],
  [['topics', 'create', 'x', '--config', 'retention'], /--config is 'retention'/],
  [['produce', 'x', '--acks', '2'], /--acks is '2': allowed is all, 1 or 0/],
  [['produce', 'x', '--compression', 'rar'], /allowed is none, gzip, snappy, lz4, zstd/],
  [['produce'], /samsa produce needs TOPIC/],
  [['consume', 'x', '--max', 'many'], /--max is 'many'/],
  [['consume', 'x', '-b', 'host:port'], /--bootstrap-server is 'host:port'/],
] as [string[], RegExp][])('samsa %j is refused with exit code 2', async (words, sentence) => {
  const context = fakeContext()
  expect(await runCommand(context, words)).toBe(2)
  expect(context.printed.error).toMatch(sentence)
})

test('addresses are read with and without port, in both families', () => {
  expect(parseAddress('broker')).toEqual({ host: 'broker', port: 9092 })
  expect(parseAddress('broker:1')).toEqual({ host: 'broker', port: 1 })
  expect(parseAddress('[::1]:2')).toEqual({ host: '::1', port: 2 })
})
