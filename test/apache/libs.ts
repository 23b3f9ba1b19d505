// The jars of Apache Kafka, resolved by Maven from the pinned pom files beside this one into a cache
// outside the tree (TEST_CACHE_DIR, else ~/.cache/samsa). A missing java or mvn is an error, never a skip.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { runProgram } from './program.ts'

export type ApacheVersion = '4.4.0' | '4.3.1' | '3.9.2'

/** The newest whose command line tools resolve. */
export const TOOLS_VERSION: ApacheVersion = '4.3.1'

export function cacheDir(): string {
  const dir = process.env['TEST_CACHE_DIR'] ?? path.join(homedir(), '.cache', 'samsa')
  mkdirSync(dir, { recursive: true })
  return dir
}

/** The directory of jars of that version; downloads it at the first call (about 6 s and 58 MB). */
export function apacheLibs(version: ApacheVersion): string {
  const pom = path.resolve('test', 'apache', `pom-${version}.xml`)
  const digest = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)
  const libs = path.join(cacheDir(), `kafka-${version}-${digest}`)
  if (existsSync(path.join(libs, 'complete'))) return libs
  process.stderr.write(`resolving Apache Kafka ${version} with Maven into ${libs} ...\n`)
  requireTool('mvn', ['-v'])
  const fresh = `${libs}.${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  const goal = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies']
  const options = ['-DincludeScope=runtime', `-DoutputDirectory=${fresh}`]
  runProgram('mvn', [...goal, ...options], { timeoutMs: 600_000 })
  writeFileSync(path.join(fresh, 'complete'), '')
  if (existsSync(path.join(libs, 'complete'))) rmSync(fresh, { recursive: true, force: true })
  else {
    rmSync(libs, { recursive: true, force: true })
    renameSync(fresh, libs)
  }
  process.stderr.write(`resolved Apache Kafka ${version}\n`)
  return libs
}

/** Java's wildcard class path; no shell is involved, so it needs no quotes. */
export function classPath(version: ApacheVersion): string {
  return path.join(apacheLibs(version), '*')
}

const required = new Set<string>()

/** `of` is what brings the command, for the reader. */
export function requireTool(
  command: string,
  versionArgs: readonly string[],
  of = 'Java 17 and Maven',
): void {
  if (required.has(command)) return
  try {
    runProgram(command, versionArgs)
  } catch (error) {
    throw new Error(`this needs ${command} on the PATH (${of})`, { cause: error })
  }
  required.add(command)
}
