// One Apache Kafka process on a directory of its own or of somebody else's: its server.properties, its
// format, its start. Who chose the place and removes it is the caller's affair (apache.ts,
// test/interop/directories).
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { classPath, type ApacheVersion } from './libs.ts'
import { runProgram, startProgram, type Program } from './program.ts'

/** What stays the same, whichever broker runs on the directory. */
export interface NodePlace {
  readonly dataDir: string
  readonly port: number
  readonly controllerPort: number
  /** A quorum that can change (kraft.version 1) instead of static voters. */
  readonly standalone?: boolean
  /** Keys of server.properties, on top of a minimal combined node. */
  readonly config?: Readonly<Record<string, string>>
}

export interface ApacheNode {
  readonly version: ApacheVersion
  /** Where its log configuration and its log go. */
  readonly home: string
  /** The path of its server.properties. */
  readonly properties: string
  readonly heapMegabytes?: number
  /** Loggers that say more than warnings. */
  readonly info?: readonly string[]
}

/** `kafka-storage.sh format`, about one second. */
export function formatStorage(
  node: ApacheNode,
  clusterId: string,
  options: readonly string[] = [],
): void {
  const format = ['format', '-t', clusterId, '-c', node.properties, ...options]
  runProgram('java', [...javaOf(node), 'kafka.tools.StorageTool', ...format])
}

/** `kafka-server-start.sh`, until it serves. */
export async function startServer(node: ApacheNode): Promise<Program> {
  const program = startProgram('java', [...javaOf(node), 'kafka.Kafka', node.properties], {
    logFile: path.join(node.home, 'server.log'),
    cwd: node.home,
  })
  try {
    await program.line(/Kafka Server started/, 60_000)
  } catch (error) {
    await program.kill()
    throw error
  }
  return program
}

export function serverProperties(place: NodePlace): string {
  const { port, controllerPort } = place
  const controller = `127.0.0.1:${controllerPort}`
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    ...(place.standalone === true
      ? { 'controller.quorum.bootstrap.servers': controller }
      : { 'controller.quorum.voters': `1@${controller}` }),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': place.dataDir,
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    ...place.config,
  }
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}`)
  return `${lines.join('\n')}\n`
}

// The cheap compiler starts faster and leaves more of a small machine to what is tested.
export const JVM_OPTIONS = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xshare:auto',
  '-Djava.awt.headless=true',
]

/** Warnings on the error output, for both logging libraries; and the line that says it serves. */
export function loggingOptions(home: string, info: readonly string[] = []): string[] {
  const log4j2 = path.join(home, 'log4j2.properties')
  const log4j = path.join(home, 'log4j.properties')
  const loggers = ['kafka.server.KafkaRaftServer', ...info]
  writeFileSync(
    log4j2,
    [
      'appender.out.type=Console',
      'appender.out.name=out',
      'appender.out.target=SYSTEM_ERR',
      'appender.out.layout.type=PatternLayout',
      'appender.out.layout.pattern=[%d] %p %m (%c)%n',
      'rootLogger.level=WARN',
      'rootLogger.appenderRef.out.ref=out',
      ...loggers.flatMap((name, i) => [`logger.l${i}.name=${name}`, `logger.l${i}.level=INFO`]),
      '',
    ].join('\n'),
  )
  writeFileSync(
    log4j,
    [
      'log4j.rootLogger=WARN, out',
      ...loggers.map((name) => `log4j.logger.${name}=INFO`),
      'log4j.appender.out=org.apache.log4j.ConsoleAppender',
      'log4j.appender.out.target=System.err',
      'log4j.appender.out.layout=org.apache.log4j.PatternLayout',
      'log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n',
      '',
    ].join('\n'),
  )
  return [`-Dlog4j2.configurationFile=${log4j2}`, `-Dlog4j.configuration=file:${log4j}`]
}

function javaOf({ version, home, heapMegabytes = 512, info = [] }: ApacheNode): string[] {
  const logging = loggingOptions(home, info)
  return ['-cp', classPath(version), `-Xmx${heapMegabytes}m`, ...JVM_OPTIONS, ...logging]
}
