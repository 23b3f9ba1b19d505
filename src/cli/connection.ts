// How the commands that talk to a broker reach it, and one sentence for what a broker or the way to
// it can answer instead.
import { errors } from '../../protocol/errors.ts'
import { type Client, ClientError, connectClient, KafkaError } from '../client/index.ts'
import { EXIT_FAILURE, StartFailure, usageFailure } from '../config/start-failure.ts'
import type { Address } from '../net/network.ts'
import { PeerError } from '../net/peer.ts'
import type { CommandContext } from './context.ts'

export const CONNECTION_OPTIONS = {
  'bootstrap-server': {
    type: 'string',
    short: 'b',
    value: 'HOST:PORT',
    doc: 'A broker of the cluster, or several with commas; localhost:9092 where nothing is given.',
  },
} as const

const DEFAULT_PORT = 9092

/** Runs `use` with a connected client and closes it. Throws StartFailure for what a person can
 * mend. */
export async function withClient<Result>(
  context: CommandContext,
  servers: string | undefined,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const bootstrap = (servers ?? `localhost:${DEFAULT_PORT}`).split(',').map(parseAddress)
  const network = await context.network()
  let client: Client | undefined
  try {
    client = await connectClient({
      network,
      clock: context.clock,
      bootstrap,
      clientId: 'samsa-cli',
    })
    return await use(client)
  } catch (error) {
    throw asSentence(error, bootstrap)
  } finally {
    await client?.close()
  }
}

export function parseAddress(text: string): Address {
  const match = /^\s*(?:\[([^\]]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?\s*$/.exec(text)
  const port = Number(match?.[3] ?? DEFAULT_PORT)
  if (match === null || port < 1 || port > 65_535) {
    throw usageFailure(`--bootstrap-server is '${text}': allowed is HOST:PORT.`)
  }
  return { host: match[1] ?? match[2]!, port }
}

function asSentence(error: unknown, bootstrap: readonly Address[]): unknown {
  if (error instanceof ClientError && error.code === 'NO_BROKER') {
    const tried = bootstrap.map(({ host, port }) => `${host}:${port}`).join(', ')
    return new StartFailure(
      `No broker answers at ${tried}: start one with samsa start, or name another with ` +
        '--bootstrap-server.',
      EXIT_FAILURE,
      error,
    )
  }
  if (error instanceof KafkaError || error instanceof ClientError || error instanceof PeerError) {
    return new StartFailure(`The broker refused: ${error.message}.`, EXIT_FAILURE, error)
  }
  return error
}

/** The sentence for a topic that is not there; other failures are returned as they are. */
export function unknownTopic(error: unknown, topic: string): unknown {
  const isUnknown =
    error instanceof KafkaError && error.errorCode === errors.UNKNOWN_TOPIC_OR_PARTITION
  if (!isUnknown) return error
  return new StartFailure(`There is no topic ${topic}: samsa topics list shows those there are.`)
}
