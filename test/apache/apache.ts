// Formats, starts and stops a one-node Apache Kafka (combined broker and controller, static quorum) in
// a temp directory on free loopback ports, and runs Apache's command line tools.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Cluster, Endpoint } from './cluster.ts'
import { classPath, requireTool, TOOLS_VERSION, type ApacheVersion } from './libs.ts'
import { runProgram, startProgram } from './program.ts'

export interface ApacheOptions {
  readonly version?: ApacheVersion
  /** `--release-version` of the format, for instance "3.9"; the version's own default without it. */
  readonly releaseVersion?: string
  /** Keys of server.properties, on top of a minimal combined node. */
  readonly config?: Readonly<Record<string, string>>
  readonly clusterId?: string
  readonly heapMegabytes?: number
}

/** Starts it and waits until it serves (about 4 s with the format). */
export async function startApache(options: ApacheOptions = {}): Promise<Cluster> {
  requireTool('java', ['-version'])
  const version = options.version ?? '4.4.0'
  const home = mkdtempSync(path.join(tmpdir(), `apache-${version}-`))
  const dataDir = path.join(home, 'logs')
  mkdirSync(dataDir)
  const port = await freePort()
  const properties = path.join(home, 'server.properties')
  writeFileSync(properties, serverProperties(port, await freePort(), dataDir, options.config ?? {}))
  const clusterId = options.clusterId ?? 'b3JhY2xlLW9mLXNhbXNhMQ'
  const jvm = [`-Xmx${options.heapMegabytes ?? 512}m`, ...JVM_OPTIONS, ...loggingOptions(home)]
  const java = ['-cp', classPath(version), ...jvm]
  const format = ['format', '-t', clusterId, '-c', properties]
  if (options.releaseVersion !== undefined) {
    format.push('--release-version', options.releaseVersion)
  }
  runProgram('java', [...java, 'kafka.tools.StorageTool', ...format])
  const program = startProgram('java', [...java, 'kafka.Kafka', properties], {
    logFile: path.join(home, 'server.log'),
    cwd: home,
  })
  try {
    await program.line(/Kafka Server started/, 60_000)
  } catch (error) {
    await program.kill()
    throw error
  }
  return {
    name: `apache ${version}`,
    bootstrap: { host: '127.0.0.1', port },
    clusterId,
    pid: program.pid,
    dataDir,
    logFile: program.logFile,
    async stop({ keep = false } = {}) {
      await program.stop()
      if (!keep) rmSync(home, { recursive: true, force: true })
    },
    kill: () => program.kill(),
  }
}

export interface ToolOptions {
  readonly version?: ApacheVersion
  readonly input?: string
  readonly timeoutMs?: number
}

/** Runs one of Apache's tools by its class name and returns what it printed; throws unless it ends
 * with 0. `tool('org.apache.kafka.tools.TopicCommand', ['--list', '--bootstrap-server', ...])` */
export function tool(
  className: string,
  args: readonly string[],
  options: ToolOptions = {},
): string {
  requireTool('java', ['-version'])
  const home = mkdtempSync(path.join(tmpdir(), 'apache-tool-'))
  try {
    const java = ['-cp', classPath(options.version ?? TOOLS_VERSION), '-Xmx256m', ...JVM_OPTIONS]
    return runProgram('java', [...java, ...loggingOptions(home), className, ...args], {
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** A loopback port nobody holds at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'))
        else resolve(address.port)
      })
    })
  })
}

export function hostPort({ host, port }: Endpoint): string {
  return `${host}:${port}`
}

// The cheap compiler starts faster and leaves more of a small machine to what is tested.
const JVM_OPTIONS = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xshare:auto',
  '-Djava.awt.headless=true',
]

function loggingOptions(home: string): string[] {
  const log4j2 = path.join(home, 'log4j2.properties')
  const log4j = path.join(home, 'log4j.properties')
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
      'logger.start.name=kafka.server.KafkaRaftServer',
      'logger.start.level=INFO',
      '',
    ].join('\n'),
  )
  writeFileSync(
    log4j,
    [
      'log4j.rootLogger=WARN, out',
      'log4j.logger.kafka.server.KafkaRaftServer=INFO',
      'log4j.appender.out=org.apache.log4j.ConsoleAppender',
      'log4j.appender.out.target=System.err',
      'log4j.appender.out.layout=org.apache.log4j.PatternLayout',
      'log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n',
      '',
    ].join('\n'),
  )
  return [`-Dlog4j2.configurationFile=${log4j2}`, `-Dlog4j.configuration=file:${log4j}`]
}

function serverProperties(
  port: number,
  controllerPort: number,
  dataDir: string,
  config: Readonly<Record<string, string>>,
): string {
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': dataDir,
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    ...config,
  }
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}`)
  return `${lines.join('\n')}\n`
}
