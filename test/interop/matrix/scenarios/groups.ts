// One group, two libraries: what one of them commits the other goes on from, and they share partitions.
import { appendBatch } from '../raw-log.ts'
import type { Driver } from '../driver.ts'
import { recordsOf, type Scenario, type Stage } from '../scenario.ts'
import { BASE_TIME, type WireRecord } from '../wire-record.ts'

const PARTITIONS = 4
const PER_PARTITION = 10

const handOver: Scenario = {
  name: 'group of two libraries',
  about:
    'a member reads, commits half with metadata and leaves; one of another library goes on from there; ' +
    'then both share the partitions, and when one leaves the other has all',
  needs: ['join', 'poll', 'leave', 'commit', 'group.range'],
  async run(stage) {
    const [topic, group] = [await stage.topic('group', PARTITIONS), stage.name('group')]
    await appendEverywhere(stage, topic, 0, PER_PARTITION)
    const first = new Member(stage.client, 'first', group, topic)
    await first.join()
    const all = await first.poll(PARTITIONS * PER_PARTITION)
    stage.equal('the first member reads', placesOf(all), places(0, PER_PARTITION))
    const half = upTo(PARTITIONS).map((partition) => [partition, 5, `half of ${partition}`])
    await first.commit(half)
    const expected = stage.lacks('commit.metadata') ? half.map(([p, o]) => [p, o, '']) : half
    stage.equal('committed', await stage.committedBy(group, topic), expected)
    await first.leave()

    const second = new Member(stage.partner, 'second', group, topic)
    await second.join()
    const rest = await second.poll(PARTITIONS * 5)
    stage.equal('the second goes on', placesOf(rest), places(5, PER_PARTITION))
    await second.commit(upTo(PARTITIONS).map((partition) => [partition, PER_PARTITION, '']))

    const third = new Member(stage.client, 'third', group, topic)
    await third.join()
    await stage.until(
      'the two sharing the partitions',
      async () => {
        const shares = [await second.assignment(), await third.assignment()]
        const isWhole =
          shares
            .flat()
            .toSorted((a, b) => a - b)
            .join() === upTo(PARTITIONS).join()
        return isWhole && shares.every((share) => share.length === PARTITIONS / 2)
      },
      30_000,
    )
    await appendEverywhere(stage, topic, PER_PARTITION, 3)
    const shared = await Promise.all([second.poll(6), third.poll(6)])
    stage.equal('together they read', placesOf(shared.flat()), places(PER_PARTITION, 13))
    for (const [member, found] of [
      [second, shared[0]],
      [third, shared[1]],
    ] as const) {
      // prettier-ignore
      await member.commit([...ends(found)].map(([partition, offset]) => [partition, offset, '']))
    }
    await second.leave()
    await stage.until(
      'the one that stays having all',
      async () => (await third.assignment()).length === PARTITIONS,
      30_000,
    )
    await appendEverywhere(stage, topic, 13, 1)
    stage.equal('and reads on alone', placesOf(await third.poll(PARTITIONS)), places(13, 14))
    await third.leave()
  },
}

const committed: Scenario = {
  name: 'committed offsets',
  about: 'what was committed is told back with its metadata; -1 where nothing was',
  needs: ['join', 'commit', 'leave', 'committed'],
  async run(stage) {
    const [topic, group] = [await stage.topic('committed', 3), stage.name('committed')]
    await appendBatch(stage.at, topic, 0, [{ timestamp: BASE_TIME, key: null, value: null }])
    const member = new Member(stage.client, 'committer', group, topic)
    await member.join()
    await stage.until('an assignment', async () => (await member.assignment()).length === 3)
    await member.commit([
      [0, 1, 'noted by me'],
      [2, 0, ''],
    ])
    await member.leave()
    const answer = await stage.client.ask('committed', { group, topic, partitions: [0, 1, 2] })
    const found = (answer['offsets'] as unknown[][]).map(([p, o, m]) => [p, o, m ?? ''])
    const isTold = !stage.lacks('commit.metadata')
    stage.equal('committed', found, [[0, 1, isTold ? 'noted by me' : ''], [1, -1, ''], [2, 0, '']]) // prettier-ignore
  },
}

const administration: Scenario = {
  name: 'groups seen by an administrator',
  about: 'list, describe and delete a group; one with members is not deleted',
  needs: ['join', 'leave', 'listGroups', 'describeGroup', 'deleteGroup'],
  async run(stage) {
    const [topic, group] = [await stage.topic('administered', 2), stage.name('administered')]
    const member = new Member(stage.client, 'member', group, topic)
    await member.join()
    await stage.until('an assignment', async () => (await member.assignment()).length === 2)
    const described = await stage.client.ask('describeGroup', { group })
    stage.equal('a group of one', [described['state'], described['members']], ['Stable', 1])
    const listed = (await stage.client.ask('listGroups'))['groups'] as string[]
    stage.holds('it is listed', listed.includes(group), listed)
    const NON_EMPTY_GROUP = 68
    const attempt = stage.client.ask('deleteGroup', { group })
    await stage.refused('a group with a member', NON_EMPTY_GROUP, attempt)
    await member.leave()
    const empty = await stage.client.ask('describeGroup', { group })
    stage.equal('nobody is left', empty['members'], 0)
    if (empty['state'] === 'Empty') await stage.client.ask('deleteGroup', { group })
    const after = (await stage.client.ask('listGroups'))['groups'] as string[]
    stage.holds('it is gone', !after.includes(group), after)
  },
}

export const grouping: readonly Scenario[] = [handOver, committed, administration]

class Member {
  readonly #driver: Driver
  readonly #handle: string
  readonly #group: string
  readonly #topic: string

  constructor(driver: Driver, handle: string, group: string, topic: string) {
    this.#driver = driver
    this.#handle = `${group}.${handle}`
    this.#group = group
    this.#topic = topic
  }

  async join(): Promise<void> {
    const [handle, group, topic] = [this.#handle, this.#group, this.#topic]
    await this.#driver.ask('join', { handle, group, topic })
  }

  async assignment(): Promise<number[]> {
    const answer = await this.#driver.ask('assignment', { handle: this.#handle })
    return answer['partitions'] as number[]
  }

  async poll(count: number): Promise<WireRecord[]> {
    const request = { handle: this.#handle, count, timeoutMs: 20_000 }
    return recordsOf(await this.#driver.ask('poll', request))
  }

  async commit(offsets: readonly (readonly unknown[])[]): Promise<void> {
    await this.#driver.ask('commit', { handle: this.#handle, topic: this.#topic, offsets })
  }

  async leave(): Promise<void> {
    await this.#driver.ask('leave', { handle: this.#handle })
  }
}

async function appendEverywhere(
  stage: Stage,
  topic: string,
  from: number,
  count: number,
): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const records = upTo(count).map((i) => ({
      timestamp: BASE_TIME + i,
      key: null,
      value: Buffer.from(`${partition}-${from + i}`),
    }))
    await appendBatch(stage.at, topic, partition, records)
  }
}

function places(from: number, to: number): string[] {
  return upTo(PARTITIONS).flatMap((partition) =>
    upTo(to - from).map((i) => `${partition}-${from + i}`),
  )
}

/** Partition and offset of each, the same as its value says. */
function placesOf(records: readonly WireRecord[]): string[] {
  return records
    .toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)
    .map(({ partition, offset }) => `${partition}-${offset}`)
}

function ends(records: readonly WireRecord[]): Map<number, number> {
  return new Map(records.map(({ partition, offset }) => [partition, offset + 1]))
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
