// Plays a text of commands against a group shard and writes down what it answers and logs. A line
// that begins with "> " is a command, one that begins with "#" a remark; everything else in the
// file is what the last command caused. Member ids appear as m1, m2 ... in order of appearance.
import { ZERO_UUID } from '../../../base/uuid.ts'
import type { Caller, Exchange } from '../../../src/coordinator/group/messages.ts'
import type { GroupLimits } from '../../../src/coordinator/group/limits.ts'
import type { GroupRecord } from '../../../src/coordinator/group/records.ts'
import { ERROR_NAMES } from './error-names.ts'
import { ShardBench } from './shard-bench.ts'

type Arguments = ReadonlyMap<string, string>

export function playScript(text: string): string {
  const player = new Player()
  const out: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) out.push(line)
    if (!line.startsWith('> ')) continue
    if (out.length > 0 && !out.at(-1)!.startsWith('#')) out.push('')
    out.push(line, ...player.run(line.slice(2).trim()))
  }
  return `${out.join('\n')}\n`
}

class Player {
  #bench = new ShardBench()
  readonly #ids = new Map<string, string>()
  #lines: string[] = []
  #seen = 0

  run(command: string): string[] {
    this.#lines = []
    const [verb = '', ...words] = command.split(/\s+/)
    const given: Arguments = new Map(
      words.map((word): [string, string] => {
        const at = word.indexOf('=')
        return at < 0 ? ['who', word] : [word.slice(0, at), word.slice(at + 1)]
      }),
    )
    this.#dispatch(verb, given)
    for (; this.#seen < this.#bench.records.length; this.#seen++) {
      this.#lines.push(`  log ${this.#record(this.#bench.records[this.#seen]!)}`)
    }
    return this.#lines
  }

  #dispatch(verb: string, given: Arguments): void {
    const bench = this.#bench
    switch (verb) {
      case 'limits':
        return this.#limits(given)
      case 'advance':
        return bench.clock.advance(Number(given.get('who')))
      case 'suspend':
        return bench.clock.suspend(Number(given.get('who')))
      case 'restart':
        return bench.restart()
      case 'close':
        return bench.tell({ kind: 'connection-closed', connection: Number(given.get('who')) })
      case 'topic-deleted':
        return bench.tell({
          kind: 'topics-deleted',
          topics: [{ name: given.get('who')!, id: given.get('id') ?? ZERO_UUID }],
        })
      case 'foreign':
        bench.records.push({ kind: 'foreign', group: group(given), type: 'share', exists: true })
        return bench.restart()
      default:
        this.#request(verb as keyof Exchange, given)
    }
  }

  #limits(given: Arguments): void {
    const limits: Record<string, number | boolean> = { ...this.#bench.limits }
    for (const [name, value] of given) {
      limits[name] = value === 'true' || value === 'false' ? value === 'true' : Number(value)
    }
    this.#bench.limits = limits as unknown as GroupLimits
  }

  #request(kind: keyof Exchange, given: Arguments): void {
    const request = this.#bodies[kind](given)
    const who = given.get('who') ?? 'it'
    this.#bench.ask(kind, request, {
      caller: caller(given),
      answered: (reply) => this.#lines.push(`  ${who}: ${this.#text(reply)}`),
      refused: (why) => this.#lines.push(`  ${who}: refused, ${why}`),
    })
  }

  readonly #bodies: { [Kind in keyof Exchange]: (given: Arguments) => Exchange[Kind]['request'] } =
    {
      join: (given) => ({
        groupId: group(given),
        sessionTimeoutMs: Number(given.get('session') ?? 10_000),
        rebalanceTimeoutMs: Number(given.get('rebalance') ?? 60_000),
        memberId: this.#id(given.get('member')),
        groupInstanceId: given.get('instance') ?? null,
        protocolType: given.get('type') ?? 'consumer',
        protocols: list(given.get('protocols') ?? 'range').map((name) => ({
          name,
          metadata: subscription(list(given.get('topics') ?? 'orders')),
        })),
        reason: null,
      }),
      sync: (given) => ({
        groupId: group(given),
        generationId: Number(given.get('generation') ?? 1),
        memberId: this.#id(given.get('member')),
        groupInstanceId: given.get('instance') ?? null,
        protocolType: given.get('type') ?? null,
        protocolName: given.get('protocol') ?? null,
        assignments: list(given.get('assign') ?? '').map((pair) => {
          const [label = '', text = ''] = pair.split(':')
          return { memberId: this.#id(label), assignment: Buffer.from(text) }
        }),
      }),
      heartbeat: (given) => ({
        groupId: group(given),
        generationId: Number(given.get('generation') ?? 1),
        memberId: this.#id(given.get('member')),
        groupInstanceId: given.get('instance') ?? null,
      }),
      leave: (given) => ({
        groupId: group(given),
        members: list(given.get('members') ?? '').map((text) => {
          const [label, instance] = text.split('/')
          return { memberId: this.#id(label), groupInstanceId: instance ?? null, reason: null }
        }),
      }),
      describe: (given) => ({ groups: list(given.get('groups') ?? 'g') }),
      list: (given) => ({
        statesFilter: list(given.get('states') ?? ''),
        typesFilter: list(given.get('types') ?? ''),
      }),
      delete: (given) => ({ groups: list(given.get('groups') ?? 'g') }),
      'offset-commit': (given) => ({
        groupId: group(given),
        generationIdOrMemberEpoch: Number(given.get('generation') ?? -1),
        memberId: this.#id(given.get('member')),
        groupInstanceId: given.get('instance') ?? null,
        retentionTimeMs: Number(given.get('retention') ?? -1),
        topics: list(given.get('offsets')!).map((text) => {
          const [name = '', partition, offset] = text.split(':')
          const committedMetadata = given.get('metadata') ?? null
          return {
            name,
            topicId: given.get('id') ?? ZERO_UUID,
            partitions: [
              {
                partitionIndex: Number(partition),
                committedOffset: Number(offset),
                committedLeaderEpoch: -1,
                committedMetadata,
              },
            ],
          }
        }),
      }),
      'offset-fetch': (given) => ({
        groupId: group(given),
        memberId: null,
        memberEpoch: -1,
        requireStable: given.get('stable') === 'true',
        topics: given.has('partitions')
          ? list(given.get('partitions')!).map((text) => {
              const [name = '', partition] = text.split(':')
              const topicId = given.get('id') ?? ZERO_UUID
              return { name, topicId, partitionIndexes: [Number(partition)] }
            })
          : null,
      }),
      'offset-delete': (given) => ({
        groupId: group(given),
        topics: list(given.get('partitions')!).map((text) => {
          const [name = '', partition] = text.split(':')
          return { name, partitions: [{ partitionIndex: Number(partition) }] }
        }),
      }),
    }

  #id(label: string | undefined): string {
    for (const [id, known] of this.#ids) if (known === label) return id
    return label ?? ''
  }

  /** Compact: empty, zero and null fields are left out, errors have names, ids are labels. */
  #text(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map((item) => this.#text(item)).join(' | ')}]`
    if (value instanceof Uint8Array) return `'${printable(value)}'`
    if (value === null || typeof value !== 'object') return this.#label(String(value))
    const fields = Object.entries(value).flatMap(([name, field]: [string, unknown]) => {
      if (name === 'errorCode') return [ERROR_NAMES.get(Number(field)) ?? `error ${String(field)}`]
      if (isDefault(field) || (DEFAULT_MINUS_ONE.has(name) && field === -1)) return []
      if (name === 'authorizedOperations') return []
      return [`${name}=${this.#text(field)}`]
    })
    return fields.sort((left, right) => Number(/=/.test(left)) - Number(/=/.test(right))).join(' ')
  }

  #record(record: GroupRecord): string {
    switch (record.kind) {
      case 'group': {
        if (record.value === null) return `group ${record.group} deleted`
        const { protocolType, generation, protocol, leader, members } = record.value
        const head = `group ${record.group} generation=${generation} type=${protocolType}`
        const who = members.map((member) => {
          const label = this.#label(member.memberId)
          const instance = member.groupInstanceId === null ? '' : `/${member.groupInstanceId}`
          return `${label}${instance}:'${printable(member.assignment)}'`
        })
        return `${head} protocol=${protocol} leader=${this.#label(String(leader))} [${who.join(' ')}]`
      }
      case 'offset': {
        const { group, topic, partition, value } = record
        const place = `offset ${group} ${topic}-${partition}`
        if (value === null) return `${place} deleted`
        const expires = value.expireTimestamp === -1 ? '' : ` expires=${value.expireTimestamp}`
        return `${place} = ${value.offset}${expires}`
      }
      case 'marker':
      case 'foreign':
        return record.kind
    }
  }

  #label(text: string): string {
    const id = /^.+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
    if (!id) return text
    let label = this.#ids.get(text)
    if (label === undefined) this.#ids.set(text, (label = `m${this.#ids.size + 1}`))
    return label
  }
}

const DEFAULT_MINUS_ONE = new Set(['committedLeaderEpoch', 'generationId'])

function group(given: Arguments): string {
  return given.get('group') ?? 'g'
}

function caller(given: Arguments): Partial<Caller> {
  return {
    apiVersion: Number(given.get('v') ?? 9),
    clientId: given.get('client') ?? 'app',
    connection: Number(given.get('conn') ?? 1),
  }
}

function list(text: string): string[] {
  return text === '' ? [] : text.split(',')
}

function isDefault(field: unknown): boolean {
  return field === null || field === '' || field === 0 || field === false || field === ZERO_UUID
}

function printable(bytes: Uint8Array): string {
  return bytes.length > 6 && bytes[0] === 0 ? 'subscription' : Buffer.from(bytes).toString()
}

/** ConsumerProtocolSubscription version 0. */
export function subscription(topics: readonly string[]): Buffer {
  const head = Buffer.alloc(6)
  head.writeInt32BE(topics.length, 2)
  const names = topics.map((topic) => {
    const length = Buffer.alloc(2)
    length.writeInt16BE(topic.length)
    return Buffer.concat([length, Buffer.from(topic)])
  })
  return Buffer.concat([head, ...names, Buffer.from([255, 255, 255, 255])])
}
