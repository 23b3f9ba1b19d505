// A directory and who runs on it: Samsa and Apache Kafka take turns with the same server.properties, so
// the only thing that changes is the program.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Endpoint } from '../../apache/cluster.ts'
import type { ApacheVersion } from '../../apache/libs.ts'
import { formatStorage, serverProperties, startServer } from '../../apache/node.ts'
import { logTail, startProgram, type Program } from '../../apache/program.ts'
import { stablePort, type Trial } from '../trial.ts'

export type BrokerName = 'samsa' | ApacheVersion
export type Ending = 'stop' | 'kill'

export interface Place {
  readonly home: string
  readonly dataDir: string
  /** The path of server.properties. */
  readonly properties: string
  readonly standalone: boolean
  readonly endpoint: Endpoint
  readonly controller: Endpoint
}

export interface Running {
  readonly name: BrokerName
  readonly endpoint: Endpoint
  readonly log: () => string
  end(how: Ending): Promise<void>
}

const CLUSTER_ID = 'ZGlyZWN0b3JpZXMtbW92ZQ'
/** What of Apache Kafka tells whether it recovered something. */
const RECOVERY_LOGGERS = ['kafka.log', 'org.apache.kafka.storage.internals.log']

export async function newPlace(
  trial: Trial,
  options: { standalone?: boolean; config?: Readonly<Record<string, string>> } = {},
): Promise<Place> {
  const home = trial.directory()
  const dataDir = path.join(home, 'data')
  const properties = path.join(home, 'server.properties')
  const port = await stablePort()
  const controllerPort = await stablePort()
  const { standalone = false, config = {} } = options
  const text = serverProperties({ dataDir, port, controllerPort, standalone, config })
  writeFileSync(properties, text)
  const host = '127.0.0.1'
  return {
    home,
    dataDir,
    properties,
    standalone,
    endpoint: { host, port },
    controller: { host, port: controllerPort },
  }
}

/** A format that Samsa can continue. */
export const LEVEL_3_9 = ['--release-version', '3.9']

/** By Samsa's own or by Apache's `storage format`. */
export async function format(
  place: Place,
  by: BrokerName,
  level: readonly string[] = LEVEL_3_9,
): Promise<void> {
  const options = place.standalone ? [...level, '--standalone'] : level
  if (by !== 'samsa') {
    mkdirSync(place.dataDir, { recursive: true })
    formatStorage({ version: by, ...place }, CLUSTER_ID, options)
    return
  }
  const args = ['storage', 'format', '-t', CLUSTER_ID, '-c', place.properties, ...options]
  const program = samsa(place, args)
  const code = await program.ended
  if (code !== 0) throw new Error(`samsa ${args.join(' ')}: ${logTail(program.logFile)}`)
}

/** Runs until it serves. */
export async function start(trial: Trial, place: Place, name: BrokerName): Promise<Running> {
  const home = path.join(place.home, `${readdirSync(place.home).length}-${name}`)
  mkdirSync(home)
  const program =
    name === 'samsa'
      ? await startSamsa({ ...place, home })
      : await startServer({ version: name, ...place, home, info: RECOVERY_LOGGERS })
  trial.after(() => program.kill())
  return {
    name,
    endpoint: place.endpoint,
    log: () => readFileSync(program.logFile, 'latin1'),
    async end(how) {
      if (how === 'kill') await program.kill()
      else if ((await program.stop(20_000)) !== (name === 'samsa' ? 0 : 143)) {
        throw new Error(`${name} did not stop cleanly:\n${readFileSync(program.logFile, 'latin1')}`)
      }
    },
  }
}

async function startSamsa(place: Place): Promise<Program> {
  const program = samsa(place, ['start', place.properties, '--set', 'samsa.profile=kafka'])
  try {
    await program.line(/\[KafkaServer id=\d+\] started/, 20_000)
  } catch (error) {
    await program.kill()
    throw error
  }
  return program
}

/** This checkout's own, with anything of the place as its arguments. */
export function samsa(place: Pick<Place, 'home'>, args: readonly string[]): Program {
  const logFile = path.join(place.home, `samsa-${readdirSync(place.home).length}.log`)
  return startProgram(process.execPath, ['bin/samsa', ...args], { logFile })
}
