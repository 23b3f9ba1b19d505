// `samsa storage`, behind bin/kafka-storage.sh: gives a data directory its identity before the
// first start. A broker does the same by itself, so this is for scripts that expect the step.
import { parseUuid, randomUuid } from '../../base/uuid.ts'
import { join } from '../../storage/fs/path.ts'
import { readFile } from '../../storage/fs/whole-file.ts'
import { META_PROPERTIES } from '../../storage/identity.ts'
import { directoryFailure } from '../config/data-directory.ts'
import { type BrokerConfig, loadConfig } from '../config/load.ts'
import { parseProperties } from '../config/properties.ts'
import { StartFailure, usageFailure } from '../config/start-failure.ts'
import {
  DEFAULT_METADATA_VERSION,
  METADATA_VERSION,
  SUPPORTED_FEATURES,
} from '../controller/features.ts'
import { formatDirectory, type FormatOptions } from '../controller/format.ts'
import type { VoterEndpoint } from '../raft/control-records.ts'
import type { Listener } from '../config/listeners.ts'
import { type Arguments, type CommandDeclaration, parseArguments } from './arguments.ts'
import { type CommandContext, readText } from './context.ts'

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

export async function storage(context: CommandContext, words: readonly string[]): Promise<number> {
  const { options, operands } = parseArguments(storageDeclaration, words)
  switch (operands[0]) {
    case 'random-uuid':
      context.out(`${randomUuid(context.random)}\n`)
      return 0
    case 'info':
      return info(context, configOf(context, options))
    case 'format':
      return format(context, options)
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
    const bytes = readFile(context.fs, join(directory, META_PROPERTIES))
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

function format(context: CommandContext, options: Options): number {
  const config = configOf(context, options)
  const clusterId = options['cluster-id']
  if (clusterId === undefined) throw usageFailure('samsa storage format needs --cluster-id ID.')
  if (parseUuid(clusterId) === undefined) {
    throw usageFailure(
      `--cluster-id is '${clusterId}': allowed is what samsa storage random-uuid prints.`,
    )
  }
  const metadataVersion = metadataVersionOf(options)
  const voter = voterOf(config, options)
  for (const directory of config.logDirectories) {
    if (isFormatted(context, directory, options['ignore-formatted'])) continue
    try {
      const { fs, clock, random } = context
      const { nodeId } = config
      formatDirectory({
        fs,
        clock,
        random,
        directory,
        clusterId,
        nodeId,
        metadataVersion,
        ...voter,
      })
    } catch (error) {
      throw directoryFailure(directory, error)
    }
    context.out(`Formatted ${directory} with metadata.version ${metadataVersion}.\n`)
  }
  return 0
}

function isFormatted(context: CommandContext, directory: string, mayBe: boolean): boolean {
  if (readFile(context.fs, join(directory, META_PROPERTIES)) === undefined) return false
  if (!mayBe) {
    throw new StartFailure(
      `${directory} is formatted already: --ignore-formatted leaves it alone, and only an empty ` +
        'directory can be formatted anew.',
    )
  }
  context.out(`${directory} is formatted already; it is left alone.\n`)
  return true
}

/** The first voter of a quorum that can change. Without one this node is the only voter for good,
 * which is also how a node without initial controllers begins here: there is no other to
 * wait for. */
function voterOf(
  config: BrokerConfig,
  options: Options,
): Pick<FormatOptions, 'standalone' | 'directoryId'> {
  const named = options['initial-controllers']
  const choices = [named !== undefined, options.standalone, options['no-initial-controllers']]
  if (choices.filter(Boolean).length > 1) {
    throw usageFailure(
      'samsa storage format takes one of --standalone, --no-initial-controllers and ' +
        '--initial-controllers.',
    )
  }
  const own = config.listeners.filter((listener) => listener.isController)
  if (named === undefined) {
    if (!options.standalone || own.length === 0) return {}
    return { standalone: own.map((listener) => voterEndpoint(listener)) }
  }
  const match = /^(\d+)@(.+):(\d{1,5}):([A-Za-z0-9_-]{22})$/.exec(named)
  if (match === null || Number(match[1]) !== config.nodeId) {
    throw usageFailure(
      `--initial-controllers is '${named}': allowed is ${config.nodeId}@HOST:PORT:DIRECTORY-ID, ` +
        'since Samsa runs with one controller so far.',
    )
  }
  const name = own[0]?.name ?? 'CONTROLLER'
  return {
    standalone: [{ name, host: match[2]!, port: Number(match[3]) }],
    directoryId: match[4]!,
  }
}

function voterEndpoint({ name, host, port, advertised }: Listener): VoterEndpoint {
  const { host: reached, port: at } = advertised ?? { host, port }
  return { name, host: reached === '' ? 'localhost' : reached, port: at }
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

function metadataVersionOf(options: Options): number {
  const features = featuresOf(options.feature)
  for (const [name, level] of features) {
    const range = SUPPORTED_FEATURES.get(name) ?? { min: 0, max: 0 }
    if (level < range.min || level > range.max) {
      throw usageFailure(
        `--feature is '${name}=${level}': allowed is a level from ${range.min} to ${range.max}.`,
      )
    }
  }
  const level = features.get(METADATA_VERSION)
  const release = options['release-version']
  if (release === undefined) return level ?? DEFAULT_METADATA_VERSION
  if (level !== undefined) {
    throw usageFailure('--release-version and --feature metadata.version say the same: give one.')
  }
  return levelOf(release)
}

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
