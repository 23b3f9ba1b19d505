// `samsa topics`: list, create, describe and delete.
import { ZERO_UUID } from '../../base/uuid.ts'
import { CreateTopics } from '../../protocol/api/19-create-topics.ts'
import { DeleteTopics } from '../../protocol/api/20-delete-topics.ts'
import { DescribeConfigs } from '../../protocol/api/32-describe-configs.ts'
import { errorName, errors } from '../../protocol/errors.ts'
import { type Client, EARLIEST, LATEST, listOffsets } from '../client/index.ts'
import { StartFailure, usageFailure } from '../config/start-failure.ts'
import { type Arguments, type CommandDeclaration, parseArguments } from './arguments.ts'
import { CONNECTION_OPTIONS, unknownTopic, withClient } from './connection.ts'
import type { CommandContext } from './context.ts'

export const topicsDeclaration = {
  name: 'topics',
  summary: 'Lists, creates, describes and deletes topics.',
  operands: ['[list|create|describe|delete]', '[TOPIC...]'],
  options: {
    ...CONNECTION_OPTIONS,
    partitions: { type: 'string', value: 'N', doc: "create: partitions; the broker's default." },
    'replication-factor': { type: 'string', value: 'N', doc: 'create: copies of each partition.' },
    config: {
      type: 'string',
      multiple: true,
      value: 'KEY=VALUE',
      doc: 'create: a topic key, such as retention.ms=60000.',
    },
    'if-not-exists': { type: 'boolean', doc: 'create: an existing topic is no failure.' },
    internal: { type: 'boolean', doc: "list: the broker's own topics too." },
  },
  examples: [
    'samsa topics',
    'samsa topics create orders --partitions 6 --config retention.ms=86400000',
    'samsa topics describe orders',
  ],
} as const satisfies CommandDeclaration

type Options = Arguments<typeof topicsDeclaration>['options']

export async function topics(context: CommandContext, words: readonly string[]): Promise<number> {
  const { options, operands } = parseArguments(topicsDeclaration, words)
  const [action = 'list', ...names] = operands
  const act = ACTIONS[action]
  if (act === undefined) {
    throw usageFailure(
      `samsa topics does not know '${action}': allowed is list, create, describe or delete.`,
    )
  }
  if (names.length === 0 && action !== 'list' && action !== 'describe') {
    throw usageFailure(`samsa topics ${action} needs the name of a topic.`)
  }
  const wishes = wishesOf(options)
  return withClient(context, options['bootstrap-server'], async (client) => {
    const { done, failed } = await act(client, names, wishes)
    context.out(lines(done))
    if (failed.length > 0) throw new StartFailure(failed.join(' '))
    return 0
  })
}

/** The options, checked before anyone is asked. */
interface Wishes {
  readonly numPartitions: number
  readonly replicationFactor: number
  readonly configs: readonly { readonly name: string; readonly value: string }[]
  readonly mayExist: boolean
  readonly withInternal: boolean
}

function wishesOf(options: Options): Wishes {
  return {
    numPartitions: countOf('--partitions', options.partitions),
    replicationFactor: countOf('--replication-factor', options['replication-factor']),
    configs: options.config.map(assignment),
    mayExist: options['if-not-exists'],
    withInternal: options.internal,
  }
}

/** What was done, and a sentence for each topic with which it could not be done. */
interface Outcome {
  readonly done: readonly string[]
  readonly failed: readonly string[]
}

type Action = (client: Client, names: readonly string[], wishes: Wishes) => Promise<Outcome>

const ACTIONS: Readonly<Record<string, Action>> = { list, create, describe, delete: remove }

async function list(client: Client, names: readonly string[], wishes: Wishes): Promise<Outcome> {
  if (names.length > 0) throw usageFailure('samsa topics list takes no topic: use describe.')
  const reply = await client.metadata(null)
  const shown = reply.topics.filter((topic) => wishes.withInternal || !topic.isInternal)
  return { done: shown.map((topic) => topic.name ?? '').sort(), failed: [] }
}

async function create(client: Client, names: readonly string[], wishes: Wishes): Promise<Outcome> {
  const { numPartitions, replicationFactor, configs, mayExist } = wishes
  const reply = await client.send(CreateTopics, {
    topics: names.map((name) => {
      return { name, numPartitions, replicationFactor, assignments: [], configs }
    }),
    timeoutMs: client.requestTimeoutMs,
    validateOnly: false,
  })
  const done: string[] = []
  const failed: string[] = []
  for (const { name, errorCode, errorMessage, numPartitions: count } of reply.topics) {
    if (errorCode === errors.NONE) done.push(`created ${name} with ${plural(count, 'partition')}`)
    else if (errorCode === errors.TOPIC_ALREADY_EXISTS && mayExist) {
      done.push(`${name} was there already`)
    } else failed.push(refusal(`Topic ${name} was not created`, errorCode, errorMessage))
  }
  return { done, failed }
}

async function remove(client: Client, names: readonly string[]): Promise<Outcome> {
  const reply = await client.send(DeleteTopics, {
    topics: names.map((name) => ({ name, topicId: ZERO_UUID })),
    topicNames: names,
    timeoutMs: client.requestTimeoutMs,
  })
  const done: string[] = []
  const failed: string[] = []
  for (const { name, errorCode, errorMessage } of reply.responses) {
    if (errorCode === errors.NONE) done.push(`deleted ${name}`)
    else failed.push(refusal(`Topic ${name} was not deleted`, errorCode, errorMessage))
  }
  return { done, failed }
}

async function describe(client: Client, names: readonly string[]): Promise<Outcome> {
  const wanted =
    names.length > 0
      ? names
      : (await client.metadata(null)).topics
          .filter((topic) => !topic.isInternal)
          .map((topic) => topic.name ?? '')
          .sort()
  const done: string[] = []
  for (const name of wanted) done.push(...(await describeOne(client, name)))
  return { done, failed: [] }
}

async function describeOne(client: Client, name: string): Promise<string[]> {
  let topic
  try {
    topic = await client.topic(name)
  } catch (error) {
    throw unknownTopic(error, name)
  }
  const indexes = topic.partitions
    .map((partition) => partition.partitionIndex)
    .sort((a, b) => a - b)
  const [starts, ends, changed] = await Promise.all([
    listOffsets(client, name, indexes, EARLIEST),
    listOffsets(client, name, indexes, LATEST),
    changedConfigs(client, name),
  ])
  const texts = [`${name}  ${plural(indexes.length, 'partition')}  id ${topic.topicId}`]
  for (const [key, value] of changed) texts.push(`  ${key}=${value}`)
  for (const index of indexes) {
    const partition = topic.partitions.find((one) => one.partitionIndex === index)!
    texts.push(
      `  partition ${index}  leader ${partition.leaderId}  ` +
        `replicas ${partition.replicaNodes.join(',')}  in sync ${partition.isrNodes.join(',')}  ` +
        `offsets ${starts.get(index)} to ${ends.get(index)}`,
    )
  }
  return texts
}

const TOPIC = 2
const SOURCE_TOPIC = 1

async function changedConfigs(client: Client, name: string): Promise<[string, string][]> {
  const resource = { resourceType: TOPIC, resourceName: name, configurationKeys: null }
  const reply = await client.send(DescribeConfigs, { resources: [resource] })
  const configs = reply.results[0]?.configs ?? []
  return configs
    .filter((config) => config.configSource === SOURCE_TOPIC)
    .map(({ name: key, value }) => [key, value ?? ''])
}

function assignment(text: string): { name: string; value: string } {
  const equals = text.indexOf('=')
  if (equals < 1) throw usageFailure(`--config is '${text}': allowed is KEY=VALUE.`)
  return { name: text.slice(0, equals), value: text.slice(equals + 1) }
}

/** -1 leaves the choice to the broker. */
function countOf(option: string, text: string | undefined): number {
  if (text === undefined) return -1
  const count = Number(text)
  if (!/^\d+$/.test(text) || count < 1) {
    throw usageFailure(`${option} is '${text}': allowed is a whole number from 1.`)
  }
  return count
}

function refusal(what: string, errorCode: number, message: string | null): string {
  const reason = message === null ? '.' : `, ${message.replace(/\.?$/, '.')}`
  return `${what}: ${errorName(errorCode)}${reason}`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}
