// `npm run schemas`: compares our message tables with the JSON schemas inside the jars of Apache Kafka
// 4.4.0 (clients, coordinators, metadata, raft, storage), by way of `npm run check:schemas`.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { apacheLibs, requireTool } from './libs.ts'

const JARS = /^kafka-(clients|metadata|raft|storage|(group|share|transaction)-coordinator)-4/
/** Where the jars keep them. */
const FOLDERS = ['common/message', 'common/metadata', 'message']

requireTool('jar', ['--version'])
const libs = apacheLibs('4.4.0')
const folder = mkdtempSync(path.join(tmpdir(), 'samsa-schemas-'))
try {
  for (const name of readdirSync(libs).filter((jar) => JARS.test(jar))) {
    const extracted = spawnSync('jar', ['xf', path.join(libs, name), ...FOLDERS], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if (extracted.status !== 0) throw new Error(`jar xf ${name} failed`)
  }
  const schemas = path.join(folder, 'all')
  mkdirSync(schemas)
  for (const each of FOLDERS) {
    const from = path.join(folder, each)
    for (const name of readdirSync(from).filter((file) => file.endsWith('.json'))) {
      renameSync(path.join(from, name), path.join(schemas, name))
    }
  }
  process.stdout.write(`${readdirSync(schemas).length} schemas of Apache Kafka 4.4.0\n`)
  const check = ['scripts/check-schemas.mjs', schemas]
  process.exitCode = spawnSync(process.execPath, check, { stdio: 'inherit' }).status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
