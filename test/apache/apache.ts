// Formats, starts and stops a one-node Apache Kafka (combined broker and controller, static quorum) in
// a temp directory on free loopback ports, and runs Apache's command line tools.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Cluster, Endpoint } from './cluster.ts'
import { classPath, requireTool, TOOLS_VERSION, type ApacheVersion } from './libs.ts'
import { formatStorage, JVM_OPTIONS, loggingOptions } from './node.ts'
import { serverProperties, startServer } from './node.ts'
import { runProgram } from './program.ts'

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
  const place = { dataDir, port, controllerPort: await freePort(), config: options.config ?? {} }
  writeFileSync(properties, serverProperties(place))
  const clusterId = options.clusterId ?? 'b3JhY2xlLW9mLXNhbXNhMQ'
  const heapMegabytes = options.heapMegabytes ?? 512
  const node = { version, home, properties, heapMegabytes }
  const { releaseVersion } = options
  const level = releaseVersion === undefined ? [] : ['--release-version', releaseVersion]
  formatStorage(node, clusterId, level)
  const program = await startServer(node)
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
