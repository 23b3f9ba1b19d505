// Apache Kafka 4.4.0 as it is run: the heap and the options of the JVM are those of its own start
// script. The format of the directory is made before, so a start is a start.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { classPath, requireTool } from '../../test/apache/libs.ts'
import { formatStorage, loggingOptions, serverProperties } from '../../test/apache/node.ts'
import { startProgram } from '../../test/apache/program.ts'
import { stablePort } from '../../test/interop/trial.ts'
import type { Place } from '../workload.ts'
import { SETTINGS } from './settings.ts'

export const APACHE_VERSION = '4.4.0'
const CLUSTER_ID = 'YmVuY2gtb2Ytc2Ftc2EtMQ'

/** kafka-server-start.sh and kafka-run-class.sh. */
export const JVM_OPTIONS = [
  '-Xmx1G',
  '-Xms1G',
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-XX:MaxInlineLevel=15',
  '-Djava.awt.headless=true',
]

export async function apachePlace(config: Readonly<Record<string, string>>): Promise<Place> {
  requireTool('java', ['-version'])
  const home = mkdtempSync(path.join(tmpdir(), 'apache-bench-'))
  const dataDir = path.join(home, 'logs')
  mkdirSync(dataDir)
  const port = await stablePort()
  const place = { dataDir, port, controllerPort: await stablePort() }
  const properties = path.join(home, 'server.properties')
  writeFileSync(properties, serverProperties({ ...place, config: { ...SETTINGS, ...config } }))
  formatStorage({ version: APACHE_VERSION, home, properties }, CLUSTER_ID)
  const java = ['-cp', classPath(APACHE_VERSION), ...loggingOptions(home)]
  return {
    peer: 'apache',
    port,
    dataDir,
    async start() {
      const args = [...JVM_OPTIONS, ...java, 'kafka.Kafka', properties]
      const logFile = path.join(home, 'server.log')
      const program = startProgram('java', args, { logFile, cwd: home })
      await program.line(/Kafka Server started/, 120_000).catch(async (error: unknown) => {
        await program.kill()
        throw error
      })
      return {
        name: `apache ${APACHE_VERSION}`,
        bootstrap: { host: '127.0.0.1', port },
        clusterId: CLUSTER_ID,
        pid: program.pid,
        dataDir,
        logFile,
        stop: async () => void (await program.stop(30_000)),
        kill: () => program.kill(),
      }
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}
