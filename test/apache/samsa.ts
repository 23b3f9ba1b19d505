// Starts this checkout's own `bin/samsa` as another process, in a temp directory on a free port, behind
// the same interface as Apache Kafka's launcher.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from './apache.ts'
import type { Cluster } from './cluster.ts'
import { startProgram } from './program.ts'

export interface SamsaOptions {
  /** `--set key=value`; the profile is `kafka` unless said otherwise. */
  readonly config?: Readonly<Record<string, string>>
  /** Continues this directory instead of a fresh one; it is not removed at stop. */
  readonly dataDir?: string
  readonly port?: number
  /** On top of this process's own environment. */
  readonly env?: Readonly<Record<string, string>>
}

export async function startSamsa(options: SamsaOptions = {}): Promise<Cluster> {
  const home = mkdtempSync(path.join(tmpdir(), 'samsa-'))
  const dataDir = options.dataDir ?? path.join(home, 'logs')
  const port = options.port ?? (await freePort())
  const args = ['bin/samsa', 'start', '--port', String(port), '--data-dir', dataDir]
  const config: Record<string, string> = { 'samsa.profile': 'kafka', ...options.config }
  for (const [key, value] of Object.entries(config)) args.push('--set', `${key}=${value}`)
  const program = startProgram(process.execPath, args, {
    logFile: path.join(home, 'server.log'),
    env: { ...process.env, ...options.env },
  })
  try {
    await program.line(/\[KafkaServer id=\d+\] started/, 20_000)
  } catch (error) {
    await program.kill()
    throw error
  }
  return {
    name: 'samsa',
    bootstrap: { host: '127.0.0.1', port },
    clusterId: '',
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
