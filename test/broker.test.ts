// One whole broker on memory seams: a virtual clock, files and connections in memory.
import { expect, test } from 'vitest'
import { seededRandom } from '../base/random.ts'
import { VirtualClock } from '../base/virtual-clock.ts'
import { type RunningBroker, type Seams, startBrokerOn } from '../src/broker.ts'
import { type Client, connectClient, consume, produce } from '../src/client/index.ts'
import { loadConfig } from '../src/config/load.ts'
import { memoryNetwork } from '../src/net/memory-network.ts'
import { silentLogger } from '../src/telemetry/log.ts'
import { Codecs } from '../protocol/records/compression/codecs.ts'
import { MemoryFileSystem } from '../storage/fs/memory-fs.ts'

const codecs = new Codecs()

function memoryFiles(clock: VirtualClock): MemoryFileSystem {
  return new MemoryFileSystem({
    defer: (run) => clock.endOfTurn(run),
    now: () => clock.now(),
    crashable: true,
  })
}

function seamsOn(clock: VirtualClock, fs: MemoryFileSystem): Seams {
  return { clock, random: seededRandom(7), fs, network: memoryNetwork(clock) }
}

/** Lets turns and promises run until `promise` settles; time does not move. */
async function settled<Value>(clock: VirtualClock, promise: Promise<Value>): Promise<Value> {
  const state = { done: false }
  const finish = (): void => {
    state.done = true
  }
  promise.then(finish, finish)
  for (let turns = 0; !state.done; turns++) {
    expect(turns).toBeLessThan(10_000)
    clock.runTurn()
    await Promise.resolve()
  }
  return promise
}

function start(clock: VirtualClock, seams: Seams): Promise<RunningBroker> {
  const config = loadConfig({ set: ['log.dirs=/data', 'num.partitions=2'], port: 9092 })
  return settled(clock, startBrokerOn(seams, { config, log: silentLogger }))
}

function client(clock: VirtualClock, { network }: Seams): Promise<Client> {
  const bootstrap = [{ host: 'localhost', port: 9092 }]
  return settled(clock, connectClient({ network, clock, bootstrap, clientId: 'test' }))
}

test('what is produced is consumed, and is there after a restart and after kill -9', async () => {
  const clock = new VirtualClock()
  const fs = memoryFiles(clock)
  const seams = seamsOn(clock, fs)
  const broker = await start(clock, seams)
  await send(clock, seams, ['a', 'b', 'c'])
  expect(await letters(clock, seams)).toEqual(['a', 'b', 'c'])
  await settled(clock, broker.stop())

  const again = await start(clock, seams)
  expect(again.clusterId).toBe(broker.clusterId)
  expect(await letters(clock, seams)).toEqual(['a', 'b', 'c'])
  await send(clock, seams, ['d'])

  // The process is gone, and the machine lives: what was written is in its page cache.
  fs.crash(() => 'written')
  const reborn = seamsOn(clock, fs)
  await start(clock, reborn)
  expect(await letters(clock, reborn)).toEqual(['a', 'b', 'c', 'd'])
})

async function send(clock: VirtualClock, seams: Seams, values: readonly string[]): Promise<void> {
  const writer = await client(clock, seams)
  const records = values.map((value) => ({ key: null, value: Buffer.from(value), partition: 0 }))
  await settled(clock, produce(writer, 'letters', records, { codecs }))
  await writer.close()
}

async function letters(clock: VirtualClock, seams: Seams): Promise<string[]> {
  const reader = await client(clock, seams)
  const found: string[] = []
  const all = async (): Promise<void> => {
    for await (const records of consume(reader, 'letters', { codecs, from: 'earliest' })) {
      found.push(...records.map((record) => String(record.value)))
    }
  }
  await settled(clock, all())
  await reader.close()
  return found
}
