import { expect, test } from 'vitest'
import { type RunningBroker, start, type StartBroker } from '../../src/cli/start.ts'
import { StartFailure } from '../../src/config/start-failure.ts'
import { fakeContext } from './fake-context.ts'

function fakeBroker(port: number, dataDirectory: string | null = '/data') {
  const seen: { options?: Parameters<StartBroker>[0]; stopped: boolean } = { stopped: false }
  const startBroker: StartBroker = async (options) => {
    seen.options = options
    const broker: RunningBroker = {
      listeners: [{ name: 'PLAINTEXT', host: 'localhost', port }],
      nodeId: options.config.nodeId,
      dataDirectory,
      clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
      startedInMs: 5,
      async stop() {
        seen.stopped = true
      },
    }
    return broker
  }
  return { seen, startBroker }
}

test('the start message says where, who, what, how long, and ends with two commands', async () => {
  const context = fakeContext()
  const { seen, startBroker } = fakeBroker(9092)
  const running = start(context, ['--set', 'node.id=3'], startBroker)
  context.signal('SIGTERM')
  expect(await running).toBe(0)
  expect(seen.stopped).toBe(true)
  expect(context.printed.out).toMatch(/\[KafkaServer id=3\] started\n/)
  expect(context.printed.out).toContain(
    ' is ready after 48 ms.\n' +
      '  listening  localhost:9092 (PLAINTEXT)\n' +
      '  node       3 of cluster MkU3OEVBNTcwNTJENDM2Qk\n' +
      '  data       /data\n\n' +
      'Try it in another terminal:\n' +
      '  echo hello | bin/samsa produce greetings\n' +
      '  bin/samsa consume greetings --from-beginning\n',
  )
})

test('on another port the commands to paste say so', async () => {
  const context = fakeContext()
  const running = start(context, ['--port', '0', '--memory'], fakeBroker(41_111, null).startBroker)
  context.signal('SIGINT')
  await running
  expect(context.printed.out).toContain('produce greetings --bootstrap-server localhost:41111\n')
  expect(context.printed.out).toContain('in memory, gone when the broker stops')
})

test('options become configuration, over the file', async () => {
  const context = fakeContext()
  context.addFile('/server.properties', 'log.dirs=/file\nlisteners=PLAINTEXT://:9092\n')
  const { seen, startBroker } = fakeBroker(1)
  const words = ['/server.properties', '--data-dir', '/mine', '--port', '5', '--memory']
  const running = start(context, [...words, '--log-level', 'error'], startBroker)
  context.signal('SIGTERM')
  await running
  expect(seen.options).toMatchObject({ memory: true })
  expect(seen.options!.config.logDirectories).toEqual(['/mine'])
  expect(seen.options!.config.listeners[0]!.port).toBe(5)
  expect(context.printed.out).not.toMatch(/INFO/)
})

test('with --log-format json every line is JSON', async () => {
  const context = fakeContext()
  const running = start(context, ['--log-format', 'json'], fakeBroker(9092).startBroker)
  context.signal('SIGTERM')
  await running
  const lines = context.printed.out.trim().split('\n')
  const messages = lines.map((line) => (JSON.parse(line) as { message: string }).message)
  expect(messages).toContain('[KafkaServer id=1] started')
})

test('a failing start is passed on and nothing is announced', async () => {
  const context = fakeContext()
  const startBroker: StartBroker = () => Promise.reject(new StartFailure('Port 1 is taken.'))
  await expect(start(context, [], startBroker)).rejects.toThrow('Port 1 is taken.')
  expect(context.printed.out).toBe('')
})

test.each([
  [['--port', 'x'], "--port is 'x': allowed is a whole number from 0 to 65535."],
  [['--data-dir', ''], "--data-dir is '': allowed is one directory, without commas."],
  [['--log-level', 'loud'], /samsa\.log\.level is 'loud' .*allowed is debug, info, warn or error/],
  [['--set', 'listeners=SSL://:1'], /uses SSL, which Samsa does not support yet/],
  [['--set', 'process.roles=broker'], /Samsa runs both roles in one process/],
  [['--set', 'controller.quorum.voters=2@b:1'], /names node 2, but this is node 1/],
  [['--set', 'log.dirs=/a,/b'], /log\.dirs names 2 directories/],
] as [string[], string | RegExp][])('%j is refused before anything starts', async (words, text) => {
  const { seen, startBroker } = fakeBroker(1)
  await expect(start(fakeContext(), words, startBroker)).rejects.toThrow(text)
  expect(seen.options).toBeUndefined()
})

test('a broker that cannot go on is stopped, and the exit code says so', async () => {
  const context = fakeContext()
  const { seen, startBroker } = fakeBroker(9092)
  const running = start(context, [], startBroker)
  await Promise.resolve()
  seen.options!.failed(new Error('disk'))
  expect(await running).toBe(1)
  expect(seen.stopped).toBe(true)
})
