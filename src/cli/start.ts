// `samsa start`: from words to a running broker, and to a clean stop. Owns what people see of a
// start: the message, the log, the sentence when it fails.
import { nameAndVersion } from './version.ts'
import { createLogger, type Logger, type LogLevel } from '../telemetry/log.ts'
import { brokerKey } from '../config/keys/index.ts'
import type { BrokerConfig } from '../config/load.ts'
import { EXIT_FAILURE } from '../config/start-failure.ts'
import { refuseUnsupported } from '../config/supported.ts'
import { type Arguments, type CommandDeclaration, parseArguments } from './arguments.ts'
import { CONFIGURATION_OPTIONS, loadConfiguration } from './configuration.ts'
import type { CommandContext } from './context.ts'

export interface RunningBroker {
  readonly listeners: readonly {
    readonly name: string
    readonly host: string
    readonly port: number
  }[]
  readonly nodeId: number
  /** null: in memory. */
  readonly dataDirectory: string | null
  readonly clusterId: string
  readonly startedInMs: number
  stop(): Promise<void>
}

export type StartBroker = (options: {
  readonly config: BrokerConfig
  readonly memory?: boolean
  readonly log: Logger
  failed(error: unknown): void
}) => Promise<RunningBroker>

export const startDeclaration = {
  name: 'start',
  summary: 'Starts a broker in this terminal. Ctrl-C stops it.',
  operands: ['[server.properties]'],
  options: {
    ...CONFIGURATION_OPTIONS,
    memory: { type: 'boolean', doc: 'Keeps everything in memory; it is gone at the end.' },
    'log-level': { type: 'string', value: 'LEVEL', doc: 'debug, info, warn or error.' },
    'log-format': { type: 'string', value: 'FORMAT', doc: 'text or json.' },
  },
  examples: [
    'samsa start',
    'samsa start config/server.properties --port 19092',
    'samsa start --memory --set num.partitions=3',
  ],
} as const satisfies CommandDeclaration

export async function start(
  context: CommandContext,
  words: readonly string[],
  startBroker: StartBroker,
): Promise<number> {
  const parsed = parseArguments(startDeclaration, words)
  const config = configurationOf(context, parsed)
  const log = createLogger({
    level: config.get('samsa.log.level') as LogLevel,
    format: config.get('samsa.log.format') as 'text' | 'json',
    clock: context.clock,
    write: context.out,
  })
  for (const warning of config.warnings) log.warn(warning)
  for (const remark of config.remarks) log.debug(remark)
  const idle = [...config.explicit.keys()].filter((name) => brokerKey(name)?.used === false)
  if (idle.length > 0) log.debug('Settings that have no effect here', { keys: idle.join(' ') })
  refuseUnsupported(config)
  const stopSignal = context.stopSignal()
  let fail: (reason: 'failure') => void
  const failure = new Promise<'failure'>((resolve) => {
    fail = resolve
  })
  const failed = (): void => fail('failure')
  const broker = await startBroker({ config, memory: parsed.options.memory, log, failed })
  announce(context, config, broker, log)
  const signal = await Promise.race([stopSignal, failure])
  log.info('Stopping', { signal })
  await broker.stop()
  log.info(`[KafkaServer id=${broker.nodeId}] shut down completed`)
  // A broker that cannot write its metadata has lost its reason to live; a supervisor starts it
  // again.
  return signal === 'failure' ? EXIT_FAILURE : 0
}

function configurationOf(
  context: CommandContext,
  { options, operands }: Arguments<typeof startDeclaration>,
): BrokerConfig {
  const set = [...options.set]
  if (options['log-level'] !== undefined) set.push(`samsa.log.level=${options['log-level']}`)
  if (options['log-format'] !== undefined) set.push(`samsa.log.format=${options['log-format']}`)
  return loadConfiguration(context, operands[0], { ...options, set })
}

function announce(
  context: CommandContext,
  config: BrokerConfig,
  broker: RunningBroker,
  log: Logger,
): void {
  const { nodeId, clusterId, dataDirectory } = broker
  const took = Math.round(context.uptime())
  const addresses = broker.listeners.map(
    ({ name, host, port }) => `${shown(host)}:${port} (${name})`,
  )
  // Existing scripts wait for this line.
  log.info(`[KafkaServer id=${nodeId}] started`)
  if (config.get('samsa.log.format') === 'json') {
    log.info('Ready', { listeners: addresses.join(', '), nodeId, clusterId, dataDirectory, took })
    return
  }
  const isUsual = broker.listeners[0]!.port === 9092
  const at = isUsual ? '' : ` --bootstrap-server localhost:${broker.listeners[0]!.port}`
  context.out(
    `\n${nameAndVersion()} is ready after ${took} ms.\n` +
      `  listening  ${addresses.join(', ')}\n` +
      `  node       ${nodeId} of cluster ${clusterId}\n` +
      `  data       ${dataDirectory ?? 'in memory, gone when the broker stops'}\n\n` +
      'Try it in another terminal:\n' +
      `  echo hello | ${context.program} produce greetings${at}\n` +
      `  ${context.program} consume greetings --from-beginning${at}\n`,
  )
}

function shown(host: string): string {
  if (host === '') return '*'
  return host.includes(':') ? `[${host}]` : host
}
