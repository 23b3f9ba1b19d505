// The options with which `start`, `config` and `storage` say what the configuration is.
import { type BrokerConfig, loadConfig } from '../config/load.ts'
import { usageFailure } from '../config/start-failure.ts'
import { type CommandContext, readText } from './context.ts'

export const CONFIGURATION_OPTIONS = {
  port: { type: 'string', short: 'p', value: 'N', doc: 'Port for clients; 0 takes a free one.' },
  'data-dir': {
    type: 'string',
    short: 'd',
    value: 'DIR',
    doc: 'Directory for topics and metadata.',
  },
  set: {
    type: 'string',
    short: 's',
    multiple: true,
    value: 'KEY=VALUE',
    doc: 'Sets a configuration key, over file and environment.',
  },
  'strict-config': { type: 'boolean', doc: 'Makes an unknown key in the file an error.' },
} as const

export interface ConfigurationOptions {
  readonly port: string | undefined
  readonly 'data-dir': string | undefined
  readonly set: readonly string[]
  readonly 'strict-config': boolean
}

/** Throws StartFailure (exit code 2). */
export function loadConfiguration(
  context: CommandContext,
  file: string | undefined,
  options: ConfigurationOptions,
): BrokerConfig {
  const set = [...options.set]
  const directory = options['data-dir']
  if (directory !== undefined) {
    if (directory === '' || directory.includes(',')) {
      throw usageFailure(`--data-dir is '${directory}': allowed is one directory, without commas.`)
    }
    set.push(`log.dirs=${directory}`)
  }
  return loadConfig({
    environment: context.environment,
    set,
    strict: options['strict-config'],
    ...(file === undefined ? {} : { file: { name: file, text: readText(context, file) } }),
    ...(options.port === undefined ? {} : { port: portNumber(options.port) }),
  })
}

function portNumber(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw usageFailure(`--port is '${text}': allowed is a whole number from 0 to 65535.`)
  }
  return port
}
