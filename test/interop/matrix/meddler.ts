// Planted faults: something between the clients and the broker that changes bytes on their way, as a
// broker with that bug would.
import { connect, createServer } from 'node:net'
import type { Endpoint } from '../../apache/cluster.ts'
import { stablePort, type Trial } from '../trial.ts'

interface Change {
  readonly direction: 'request' | 'answer'
  readonly from: Buffer
  readonly to: Buffer
}

const CHANGES: Readonly<Record<string, Change>> = {
  metadata: {
    direction: 'request',
    from: Buffer.from('noted by me'),
    to: Buffer.from('noted by us'),
  },
  // The entry of Produce in ApiVersions: key 0, from 0, to 13.
  uncompressed: {
    direction: 'answer',
    from: Buffer.from([0, 0, 0, 0, 0, 13]),
    to: Buffer.from([0, 0, 0, 3, 0, 13]),
  },
}

/** Starts a broker that is reached only through the fault. */
export async function startMeddler(trial: Trial, fault: string): Promise<Endpoint> {
  const change = CHANGES[fault]!
  const [port, behind] = [await stablePort(), await stablePort()]
  const config = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}` }
  await trial.broker({ port: behind, config })
  const server = createServer((client) => {
    const broker = connect(behind, '127.0.0.1')
    const pass = (direction: Change['direction'], chunk: Buffer) =>
      direction === change.direction ? replaced(chunk, change) : chunk
    client.on('data', (chunk: Buffer) => broker.write(pass('request', chunk)))
    broker.on('data', (chunk: Buffer) => client.write(pass('answer', chunk)))
    for (const [one, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      // prettier-ignore
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  trial.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { host: '127.0.0.1', port }
}

function replaced(chunk: Buffer, { from, to }: Change): Buffer {
  const bytes = Buffer.from(chunk)
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) to.copy(bytes, at)
  return bytes
}
