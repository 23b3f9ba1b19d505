// Resident memory: idle, while and after 1 GB goes in and out, with 1,000 connections, with 1,000
// partitions; and what 1,000 partitions cost a broker that has nothing to do.
import { connect, type Socket } from 'node:net'
import type { Cluster, Endpoint } from '../../test/apache/cluster.ts'
import { sleep } from '../../test/interop/trial.ts'
import { encodeRequest, frame } from '../../test/oracle/codec.ts'
import { RawClient } from '../../test/oracle/raw-client.ts'
import { runLoad } from '../method/load.ts'
import { recyclePages } from '../method/pages.ts'
import {
  allPartitions,
  createTopics,
  produceInto,
  untilDone,
  untilProduced,
} from '../method/raw.ts'
import { sample } from '../method/sampler.ts'
import { cpuReading, cpuSeconds, residentMegabytes } from '../method/usage.ts'
import { TOPIC_SETTINGS } from '../servers/settings.ts'
import type { Measurement, Row, Size, Target, Workload } from '../workload.ts'
import { keepsTopics, unknownSteal } from './shapes.ts'

function resident(figure: string, what: string, ratioAtMost?: number): Row {
  const goal = ratioAtMost === undefined ? {} : { goal: { ratioAtMost } }
  return { figure, what: `resident memory, ${what}`, unit: 'MB', better: 'less', ...goal }
}

/** Started, asked once, and left alone for a moment: what is resident then is idle. */
async function rested(target: Target, seconds: number): Promise<Cluster> {
  const cluster = await (await target.place()).start()
  await untilProduced(cluster.bootstrap, 'first', performance.now())
  await sleep(seconds * 1000)
  return cluster
}

export const memory: Workload = {
  name: 'memory',
  answers: 'How much memory does it hold: idle, and while 1 GB goes in and out?',
  peers: ['samsa', 'apache', 'samsa-node24', 'kfake'],
  isFresh: true,
  rows: [
    resident('idle', 'idle', 1 / 6),
    resident('after', 'after 1 GB in and out', 1 / 3),
    resident('peak', 'the most while 1 GB goes in and out'),
    { ...resident('idle', 'idle on Node 24'), side: 'samsa-node24' },
    { ...resident('after', 'after 1 GB in and out on Node 24'), side: 'samsa-node24' },
  ],
  quick: { rounds: 1, otherRounds: 0, size: { records: 200_000, rest: 1 }, seconds: 14 },
  full: { rounds: 3, otherRounds: 2, size: { records: 1_000_000, rest: 3 }, seconds: 110 },
  measure: inAndOut,
}

export const memory10: Workload = {
  name: 'memory-10',
  answers: 'How much memory does it hold after 10 GB went in and out?',
  peers: ['samsa', 'apache'],
  isFresh: true,
  isExtra: true,
  measure: inAndOut,
  rows: [
    resident('after', 'after 10 GB in and out'),
    resident('peak', 'the most while 10 GB go in and out'),
  ],
  full: { rounds: 3, otherRounds: 0, size: { records: 10_000_000, rest: 3 }, seconds: 400 },
}

async function inAndOut(target: Target, size: Size): Promise<Measurement> {
  const cluster = await rested(target, size['rest']!)
  const idle = residentMegabytes(cluster.pid)
  const records = size['records']!
  recyclePages(records * 1000)
  const shape = { partitions: 1, settings: TOPIC_SETTINGS }
  if (keepsTopics(target.peer)) await createTopics(cluster.bootstrap, ['load'], shape)
  const watching = sample(100, () => residentMegabytes(cluster.pid))
  const options = { topic: 'load', records }
  const produce = { ...options, bytes: 1000 }
  await runLoad(cluster, { program: 'clients', mode: 'produce', options: produce })
  await runLoad(cluster, { program: 'clients', mode: 'consume', options })
  await sleep(1000)
  const curve = watching.stop()
  const after = residentMegabytes(cluster.pid)
  await cluster.stop()
  const peak = Math.max(...curve.map(([, megabytes]) => megabytes))
  return { figures: { idle, after, peak }, curves: { resident: curve }, steal: unknownSteal }
}

export const connections: Workload = {
  name: 'connections',
  answers: 'How much memory does it hold with 1,000 connections?',
  peers: ['samsa', 'apache', 'samsa-node24', 'kfake'],
  isFresh: true,
  rows: [
    resident('with', 'with 1,000 connections', 1 / 5),
    resident('more', 'what 1,000 connections add'),
    { ...resident('with', '1,000 connections on Node 24'), side: 'samsa-node24' },
  ],
  full: { rounds: 3, otherRounds: 1, size: { connections: 1000, rest: 2 }, seconds: 45 },
  async measure(target, size) {
    const cluster = await rested(target, size['rest']!)
    const idle = residentMegabytes(cluster.pid)
    const sockets: Socket[] = []
    for (let i = 0; i < size['connections']!; i++) sockets.push(await greet(cluster.bootstrap))
    await sleep(1000)
    const now = residentMegabytes(cluster.pid)
    for (const socket of sockets) socket.destroy()
    await cluster.stop()
    return { figures: { with: now, more: now - idle }, steal: unknownSteal }
  },
}

/** A connection whose first request was answered. */
function greet({ host, port }: Endpoint): Promise<Socket> {
  const request = encodeRequest('ApiVersions', 0, {}, { correlationId: 1, clientId: 'idle' })
  return new Promise((resolve, reject) => {
    const socket = connect(port, host)
    socket.once('error', reject)
    socket.once('data', () => resolve(socket))
    socket.write(frame(request))
  })
}

export const partitions: Workload = {
  name: 'partitions',
  answers: 'How soon are 1,000 partitions usable, and what do they cost afterwards?',
  peers: ['samsa', 'apache', 'kfake'],
  isFresh: true,
  rows: [
    {
      figure: 'answeredMs',
      what: '1,000 partitions: request answered',
      unit: 'ms',
      better: 'less',
    },
    {
      figure: 'usableMs',
      what: '1,000 partitions: each has taken a record',
      unit: 'ms',
      better: 'less',
      goal: { atMost: 1000 },
    },
    resident('with', 'with 1,000 partitions', 1 / 5),
    {
      figure: 'idlePercent',
      what: '1,000 partitions, idle: broker CPU',
      unit: '% of a core',
      better: 'less',
      digits: 2,
      goal: { atMost: 0.5 },
    },
  ],
  full: { rounds: 3, otherRounds: 1, size: { partitions: 1000, idle: 8 }, seconds: 115 },
  async measure(target, size) {
    const cluster = await rested(target, 1)
    const from = performance.now()
    const count = size['partitions']!
    await createTopics(cluster.bootstrap, ['many'], { partitions: count })
    const answeredMs = performance.now() - from
    const client = await RawClient.open(cluster.bootstrap)
    const pending = allPartitions(['many'], count)
    const usableMs = await untilDone(from, 60_000, () => produceInto(client, pending))
    client.close()
    await sleep(5000)
    const before = cpuReading(cluster.pid)
    await sleep(size['idle']! * 1000)
    const used = cpuSeconds(before, cpuReading(cluster.pid))
    const now = residentMegabytes(cluster.pid)
    await cluster.stop()
    const idlePercent = (used / size['idle']!) * 100
    return { figures: { answeredMs, usableMs, with: now, idlePercent }, steal: unknownSteal }
  },
}
