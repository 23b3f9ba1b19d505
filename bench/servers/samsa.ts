// Samsa from this checkout as one of the measured: the profile of Kafka unless the row is about a
// default of development, the same settings as Apache Kafka beside it, and faults for the self-test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Cluster } from '../../test/apache/cluster.ts'
import { startProgram } from '../../test/apache/program.ts'
import { nodeModules } from '../../test/interop/prepare.ts'
import { stablePort } from '../../test/interop/trial.ts'
import type { PeerName, Place } from '../workload.ts'
import { SETTINGS } from './settings.ts'

const VARIANTS: Partial<Record<PeerName, Readonly<Record<string, string>>>> = {
  samsa: { 'samsa.profile': 'kafka' },
  'samsa-node24': { 'samsa.profile': 'kafka' },
  'samsa-header': { 'samsa.profile': 'kafka', 'samsa.record.validation': 'header' },
  'samsa-development': { 'samsa.profile': 'development' },
}

export async function samsaPlace(
  peer: PeerName,
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Promise<Place> {
  const home = mkdtempSync(path.join(tmpdir(), 'samsa-bench-'))
  const dataDir = path.join(home, 'logs')
  const port = await stablePort()
  const shared = peer === 'samsa-development' ? {} : SETTINGS
  const settings = { ...VARIANTS[peer], ...shared, ...config }
  const args = ['bin/samsa', 'start', '--port', String(port), '--data-dir', dataDir]
  for (const [key, value] of Object.entries(settings)) args.push('--set', `${key}=${value}`)
  return {
    peer,
    port,
    dataDir,
    async start() {
      const program = startProgram(nodeOf(peer), args, {
        logFile: path.join(home, 'server.log'),
        env: { ...process.env, ...environment },
      })
      const cluster: Cluster = {
        name: peer,
        bootstrap: { host: '127.0.0.1', port },
        clusterId: '',
        pid: program.pid,
        dataDir,
        logFile: program.logFile,
        stop: async () => void (await program.stop(30_000)),
        kill: () => program.kill(),
      }
      await program.line(/\[KafkaServer id=\d+\] started/, 60_000).catch(async (error: unknown) => {
        await program.kill()
        throw error
      })
      return cluster
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

function nodeOf(peer: PeerName): string {
  if (peer !== 'samsa-node24') return process.execPath
  return path.join(nodeModules('node-24'), 'node_modules', '.bin', 'node')
}
