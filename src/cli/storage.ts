// `samsa storage`, behind bin/kafka-storage.sh: gives a data directory its identity before the first
// start. A broker does the same by itself, so this is for scripts that expect the step.
import { parseUuid, randomUuid } from '../../base/uuid.ts'
import type { Clock } from '../../base/clock.ts'
import type { Random } from '../../base/random.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { join } from '../../storage/fs/path.ts'
import { readFile } from '../../storage/fs/whole-file.ts'
import { directoryFailure } from '../config/data-directory.ts'
import { type BrokerConfig, loadConfig } from '../config/load.ts'
import { parseProperties } from '../config/properties.ts'
import { StartFailure, usageFailure } from '../config/start-failure.ts'
import { type Arguments, type CommandDeclaration, parseArguments } from './arguments.ts'
import { type CommandContext, readText } from './context.ts'

/** The controller's formatting of one directory. */
export type FormatDirectory = (options: {
  readonly fs: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly directory: string
  readonly clusterId: string
  readonly nodeId: number
  /** Level of metadata.version. */
  readonly metadataVersion: number
  readonly features: ReadonlyMap<string, number>
  readonly standalone: boolean
  readonly noInitialControllers: boolean
  /** id@host:port:directoryId entries. */
  readonly initialControllers: string | undefined
  readonly ignoreFormatted: boolean
}) => void

export const storageDeclaration = {
  name: 'storage',
  summary: 'Prepares data directories, as kafka-storage.sh does. A broker does it by itself.',
  operands: ['random-uuid|info|format'],
  options: {
    config: { type: 'string', short: 'c', value: 'FILE', doc: 'The server.properties file.' },
    'cluster-id': { type: 'string', short: 't', value: 'ID', doc: 'format: the cluster id.' },
    'ignore-formatted': {
      type: 'boolean',
      short: 'g',
      doc: 'format: leaves a formatted one alone.',
    },
    'release-version': { type: 'string', short: 'r', value: 'R', doc: 'format: such as 3.9.' },
    feature: {
      type: 'string',
      short: 'f',
      multiple: true,
      value: 'F=N',
      doc: 'format: the level of a feature.',
    },
    standalone: { type: 'boolean', short: 's', doc: 'format: this node alone is the controller.' },
    'no-initial-controllers': {
      type: 'boolean',
      short: 'N',
      doc: 'format: the controllers are not known yet.',
    },
    'initial-controllers': {
      type: 'string',
      short: 'I',
      value: 'V',
      doc: 'format: the controllers as id@host:port:directory.',
    },
  },
  examples: ['samsa storage random-uuid', 'samsa storage format -t ID -c config/server.properties'],
} as const satisfies CommandDeclaration

type Options = Arguments<typeof storageDeclaration>['options']

export async function storage(
  context: CommandContext,
  words: readonly string[],
  formatDirectory: FormatDirectory,
): Promise<number> {
  const { options, operands } = parseArguments(storageDeclaration, words)
  switch (operands[0]) {
    case 'random-uuid':
      context.out(`${randomUuid(context.random)}\n`)
      return 0
    case 'info':
      return info(context, configOf(context, options))
    case 'format':
      return format(context, options, formatDirectory)
    default:
      throw usageFailure(
        `samsa storage does not know '${operands[0]}': allowed is random-uuid, info or format.`,
      )
  }
}

function configOf(context: CommandContext, options: Options): BrokerConfig {
  if (options.config === undefined) {
    throw usageFailure('samsa storage needs the file of the broker: --config FILE.')
  }
  const file = { name: options.config, text: readText(context, options.config) }
  return loadConfig({ file, environment: context.environment })
}

function info(context: CommandContext, config: BrokerConfig): number {
  let isComplete = true
  for (const directory of config.logDirectories) {
    const bytes = readFile(context.fs, join(directory, 'meta.properties'))
    if (bytes === undefined) {
      isComplete = false
      context.out(`${directory} is not formatted\n`)
      continue
    }
    const entries = parseProperties(bytes.toString('utf8')).map(
      ({ name, value }) => `${name}=${value}`,
    )
    context.out(`${directory} is formatted: ${entries.sort().join(', ')}\n`)
  }
  return isComplete ? 0 : 1
}

function format(
  context: CommandContext,
  options: Options,
  formatDirectory: FormatDirectory,
): number {
  const config = configOf(context, options)
  const clusterId = options['cluster-id']
  if (clusterId === undefined) throw usageFailure('samsa storage format needs --cluster-id ID.')
  if (parseUuid(clusterId) === undefined) {
    throw usageFailure(
      `--cluster-id is '${clusterId}': allowed is what samsa storage random-uuid prints.`,
    )
  }
  const metadataVersion = levelOf(options['release-version'] ?? '3.9')
  for (const directory of config.logDirectories) {
    const isFormatted = readFile(context.fs, join(directory, 'meta.properties')) !== undefined
    if (isFormatted && options['ignore-formatted']) {
      context.out(`${directory} is formatted already; it is left alone.\n`)
      continue
    }
    if (isFormatted) {
      throw new StartFailure(
        `${directory} is formatted already: --ignore-formatted leaves it alone, and only an empty ` +
          'directory can be formatted anew.',
      )
    }
    context.out(`Formatting ${directory} with metadata.version ${metadataVersion}.\n`)
    try {
      formatDirectory({
        fs: context.fs,
        clock: context.clock,
        random: context.random,
        directory,
        clusterId,
        nodeId: config.nodeId,
        metadataVersion,
        features: featuresOf(options.feature),
        standalone: options.standalone,
        noInitialControllers: options['no-initial-controllers'],
        initialControllers: options['initial-controllers'],
        ignoreFormatted: options['ignore-formatted'],
      })
    } catch (error) {
      throw directoryFailure(directory, error)
    }
  }
  return 0
}

/** Newest metadata.version of each release that Samsa can be at, KRaft's first included. */
const LEVELS: ReadonlyMap<string, number> = new Map([
  ['3.3', 7],
  ['3.4', 8],
  ['3.5', 11],
  ['3.6', 14],
  ['3.7', 19],
  ['3.8', 20],
  ['3.9', 21],
])

function levelOf(release: string): number {
  const match = /^(\d+\.\d+)(\.\d+|-IV\d+)?$/.exec(release)
  const level = match === null ? undefined : LEVELS.get(match[1]!)
  if (level !== undefined) return level
  throw usageFailure(
    `--release-version is '${release}': allowed is ${[...LEVELS.keys()].join(', ')}.`,
  )
}

function featuresOf(texts: readonly string[]): Map<string, number> {
  const features = new Map<string, number>()
  for (const text of texts) {
    const match = /^([a-z.]+)=(\d+)$/.exec(text)
    if (match === null) throw usageFailure(`--feature is '${text}': allowed is NAME=LEVEL.`)
    features.set(match[1]!, Number(match[2]))
  }
  return features
}
