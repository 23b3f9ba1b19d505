// Plays scenarios with client after client at one broker. Two programs live at a time: the client and the
// one that shares a group with it, which is the next client.
import type { Endpoint } from '../../apache/cluster.ts'
import type { ClientProgram } from './client-program.ts'
import { ClientLacks, Driver, type Greeting } from './driver.ts'
import type { Outcome } from './outcome.ts'
import { Stage, type Scenario } from './scenario.ts'

export interface Played {
  readonly client: ClientProgram
  readonly greeting: Greeting
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly exitCode: number | null
  readonly seconds: number
}

/** Clients mostly wait for their groups: two lanes take little more than half the time of one. */
const LANES = 2

/** Plays all of them and hands over what came out, as it comes; resolves with all, in order. */
export async function playInLanes(
  at: Endpoint,
  clients: readonly ClientProgram[],
  partners: ReadonlyMap<string, ClientProgram>,
  { scenarios, each }: { scenarios: readonly Scenario[]; each: (played: Played) => void },
): Promise<Played[]> {
  const perLane = Math.ceil(clients.length / LANES)
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    const all: Played[] = []
    const mine = clients.slice(lane * perLane, (lane + 1) * perLane)
    for await (const played of play(at, mine, partners, scenarios)) {
      each(played)
      all.push(played)
    }
    return all
  })
  // All lanes end, also when one fails: each has programs to stop.
  const ended = await Promise.allSettled(lanes)
  return ended.flatMap((lane) => {
    if (lane.status === 'rejected') throw lane.reason
    return lane.value
  })
}

/** `clients` in the order in which they are partners: each of the next, the last one of the first. */
async function* play(
  at: Endpoint,
  clients: readonly ClientProgram[],
  partners: ReadonlyMap<string, ClientProgram>,
  scenarios: readonly Scenario[],
): AsyncGenerator<Played> {
  let running: Driver | undefined
  try {
    for (const client of clients) {
      const from = performance.now()
      const driver = running?.client === client ? running : await restarted(running, client, at)
      running = undefined
      const partner = await Driver.start(partners.get(client.name)!, at)
      const outcomes = new Map<string, Outcome>()
      for (const scenario of scenarios) {
        outcomes.set(scenario.name, await outcomeOf(scenario, at, driver, partner))
      }
      const exitCode = await driver.stop()
      running = partner
      const seconds = (performance.now() - from) / 1000
      yield { client, greeting: driver.greeting, outcomes, exitCode, seconds }
    }
  } finally {
    await running?.stop()
  }
}

async function restarted(
  running: Driver | undefined,
  client: ClientProgram,
  at: Endpoint,
): Promise<Driver> {
  await running?.stop()
  return Driver.start(client, at)
}

async function outcomeOf(
  scenario: Scenario,
  at: Endpoint,
  client: Driver,
  partner: Driver,
): Promise<Outcome> {
  const { lacks, codecs } = client.greeting
  for (const ability of scenario.needs) {
    const codec = ability.startsWith('codec.') ? ability.slice('codec.'.length) : undefined
    const isMissing = codec !== undefined && codec !== 'none' && !codecs.includes(codec)
    const why = lacks[ability] ?? (isMissing ? `has no ${codec}` : undefined)
    if (why !== undefined) return { kind: 'lacks', why }
  }
  const prefix = `${client.client.name}.${Math.random().toString(36).slice(2, 8)}`
  try {
    await scenario.run(new Stage(at, client, partner, prefix))
    return { kind: 'ok' }
  } catch (error) {
    if (error instanceof ClientLacks) return { kind: 'lacks', why: error.message }
    const stderr = client.complaints().trim().split('\n').slice(-3).join(' | ')
    const why = error instanceof Error ? error.message : String(error)
    return { kind: 'failed', why: why.replaceAll(`${prefix}.`, ''), stderr }
  }
}
