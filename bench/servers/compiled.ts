// The compiled stand-ins: a sink that checks and writes (the limit), librdkafka's mock broker and kfake.
// Each prints the port it took and ends at SIGTERM.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startProgram } from '../../test/apache/program.ts'
import { compiled } from '../compile.ts'
import type { Place } from '../workload.ts'

export function compiledPlace(peer: 'sink' | 'mock' | 'kfake'): Place {
  const home = mkdtempSync(path.join(tmpdir(), `${peer}-bench-`))
  return {
    peer,
    port: undefined,
    dataDir: home,
    async start() {
      const logFile = path.join(home, 'server.log')
      const args = peer === 'sink' ? ['--dir', home] : []
      const program = startProgram(compiled(peer), args, { logFile, cwd: home })
      const said = await program.line(/listening (\d+)/, 20_000).catch(async (error: unknown) => {
        await program.kill()
        throw error
      })
      return {
        name: peer,
        bootstrap: { host: '127.0.0.1', port: Number(said[1]) },
        clusterId: '',
        pid: program.pid,
        dataDir: home,
        logFile,
        stop: async () => void (await program.stop()),
        kill: () => program.kill(),
      }
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}
