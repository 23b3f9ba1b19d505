// kafkajs: three members of one group on six partitions while they join, leave and are killed. The
// members are processes, so that a killed one says nothing to anybody.
import path from 'node:path'
import { hostPort } from '../apache/apache.ts'
import { Child } from './child.ts'
import { nodeModules } from './prepare.ts'
import { sleep, until, type Check, type Trial } from './trial.ts'

const GROUP = 'riders'
const TOPIC = 'rides'
const PARTITIONS = [0, 1, 2, 3, 4, 5]

export const kafkajs: Check = {
  name: 'kafkajs',
  about: 'kafkajs: three members on six partitions join, leave and are killed',
  faults: [
    { name: 'lost', plants: 'what one member consumed is forgotten', caughtBy: /at least once/ },
    { name: 'shared', plants: 'a partition is counted for two', caughtBy: /disjoint and complete/ },
    { name: 'back', plants: 'an offset is seen a second time, lower', caughtBy: /never go back/ },
  ],
  async run(trial) {
    const modules = nodeModules('clients')
    const broker = await trial.broker()
    const start = (name: string, program: string, ...rest: string[]) => {
      const file = path.resolve('test', 'interop', 'node', program)
      const args = [file, modules, hostPort(broker.bootstrap), GROUP, TOPIC, ...rest]
      return new Child(trial, name, process.execPath, args)
    }
    const count = trial.isSmall ? 1500 : 6000
    const source = start('source', 'source.cjs', String(count), String(trial.isSmall ? 300 : 400))
    await source.first('ready')
    const members: Child[] = []
    const join = async (name: string) => {
      const member = start(name, 'member.cjs')
      members.push(member)
      await member.first('assigned')
      return member
    }
    const a = await join('a')
    source.say('go')
    const b = await join('b')
    const c = await join('c')
    await settled(members, [a, b, c])
    await sleep(500)
    trial.equal('a member that leaves ends with 0', await b.signal('SIGTERM'), 0)
    await settled(members, [a, c])
    const d = await join('d')
    await settled(members, [a, c, d])
    const killed = performance.now()
    await c.kill()
    await settled(members, [a, d])
    trial.figure('ms from kill -9 to a new assignment', Math.round(performance.now() - killed))
    await source.first('done', 60_000)
    await until('every record to be consumed', 30_000, () => consumed(members).size >= count)
    await sleep(300)
    await Promise.all([a.signal('SIGTERM'), d.signal('SIGTERM')])
    await sleep(200)
    await source.signal('SIGTERM')
    judge(trial, members, source, count)
  },
}

/** Until exactly these share all partitions, in the newest generation that anyone knows. */
async function settled(all: readonly Child[], living: readonly Child[]): Promise<void> {
  await until(
    `${living.map(({ name }) => name).join(', ')} to share the partitions`,
    30_000,
    () => {
      const generations = all.flatMap((member) => member.of('assigned').map(generationOf))
      const newest = Math.max(...generations)
      const current = living.map((member) => member.of('assigned').at(-1))
      if (!current.every((event) => event !== undefined && generationOf(event) === newest))
        return false
      const shared = current.flatMap((event) => event!['partitions'] as number[])
      return shared.length === PARTITIONS.length && new Set(shared).size === PARTITIONS.length
    },
  )
}

function judge(trial: Trial, members: readonly Child[], source: Child, count: number): void {
  const missing: number[] = []
  const seen = consumed(trial.fault === 'lost' ? members.slice(1) : members)
  for (let id = 0; id < count; id++) if (!seen.has(id)) missing.push(id)
  const produced = source.of('produced').reduce((sum, event) => sum + (event['size'] as number), 0)
  trial.equal('every record was acknowledged', produced, count)
  trial.expect(
    'every record was consumed at least once',
    missing.length === 0,
    missing.slice(0, 20),
  )
  const total = members.reduce((sum, member) => sum + member.of('record').length, 0)
  trial.figure('records, deliveries', `${count}, ${total}`)

  const generations = new Map<number, number[]>()
  const assigned = members.flatMap((member) => member.of('assigned'))
  for (const event of assigned) {
    const partitions = generations.get(generationOf(event)) ?? []
    partitions.push(...(event['partitions'] as number[]))
    generations.set(generationOf(event), partitions)
  }
  const ordered = [...generations].sort(([left], [right]) => left - right)
  if (trial.fault === 'shared') ordered[0]![1].push(0)
  trial.figure('generations', ordered.length)
  trial.expect('there were at least five generations', ordered.length >= 5)
  // A generation that the next one overtook before every member had synced is not whole by nature: its
  // parts may be missing, never shared. Those that lasted were awaited above, whole.
  const shared = ordered.filter(([, partitions]) => new Set(partitions).size !== partitions.length)
  const whole = ordered.filter(([, partitions]) => partitions.length === PARTITIONS.length)
  trial.figure('generations that every member synced in', whole.length)
  trial.expect(
    'assignments are disjoint and complete in each generation',
    shared.length === 0 && whole.length >= 5,
    ordered,
  )
  committed(trial, members, source)
}

function committed(trial: Trial, members: readonly Child[], source: Child): void {
  const backwards: string[] = []
  const commits = members
    .flatMap((member) => member.of('committed'))
    .sort((left, right) => left.at - right.at)
  const observed = source
    .of('seen')
    .map((event) => event['offsets'] as [number, number][])
    .flat()
  if (trial.fault === 'back') observed.push([0, 0])
  const highest = new Map<string, number>()
  const follow = (series: string, partition: number, offset: number) => {
    const key = `${series} ${partition}`
    const before = highest.get(key) ?? -1
    if (offset < before) backwards.push(`${key}: ${before} to ${offset}`)
    highest.set(key, Math.max(before, offset))
  }
  for (const [partition, offset] of observed) follow('fetched', partition, offset)
  for (const event of commits) {
    follow('accepted', event['partition'] as number, event['offset'] as number)
  }
  trial.figure('commits accepted, offsets observed', `${commits.length}, ${observed.length}`)
  trial.expect('committed offsets never go back', backwards.length === 0, backwards)
  const ends = PARTITIONS.map((partition) => highest.get(`accepted ${partition}`))
  trial.equal(
    'the last commits are what the broker tells',
    PARTITIONS.map((partition) => highest.get(`fetched ${partition}`)),
    ends,
  )
}

function consumed(members: readonly Child[]): Set<number> {
  return new Set(
    members.flatMap((member) => member.of('record').map((event) => event['id'] as number)),
  )
}

function generationOf(event: { readonly [member: string]: unknown }): number {
  return event['generation'] as number
}
