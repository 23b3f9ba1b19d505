// Everything a run fetches, fetched once into the cache outside the tree (TEST_CACHE_DIR, else
// ~/.cache/samsa): npm packages and Apache's jars. What a system package provides is only checked here;
// scripts/ci/install-packages.sh installs it. Missing things are errors, never skips.
import { copyFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import { apacheLibs } from '../apache/libs.ts'
import { runProgram } from '../apache/program.ts'
import { fetched, retried } from './fetched.ts'
import { mavenLibs } from './maven.ts'

/** Debian's interpreter: the one its python3-* packages are for, whatever else is on the PATH. */
export const PYTHON = '/usr/bin/python3'

export type ClientVersion = '2.1.1' | '2.8.2'

export function prepare(): void {
  requireKcat()
  requirePython('kafka', 'python3-kafka')
  requirePython('confluent_kafka', 'python3-confluent-kafka')
  process.stdout.write(`words: ${wordList()}\n`)
  process.stdout.write(`kafkajs: ${nodeModules('clients')}\n`)
  process.stdout.write(`Node 24: ${nodeModules('node-24')}\n`)
  for (const version of ['4.4.0', '4.3.1', '3.9.2'] as const) {
    process.stdout.write(`Apache ${version}: ${retried(() => apacheLibs(version))}\n`)
  }
  for (const version of ['2.1.1', '2.8.2'] as const) {
    process.stdout.write(`Java client ${version}: ${clientLibs(version)}\n`)
  }
}

export function requireKcat(): void {
  requireInstalled('kcat', () => runProgram('kcat', ['-V']))
}

export function requirePython(module: string, debianPackage: string): void {
  requireInstalled(debianPackage, () => runProgram(PYTHON, ['-c', `import ${module}`]))
}

/** A real file of more than 100,000 lines. */
export function wordList(): string {
  const found = ['/usr/share/dict/words', '/usr/share/dict/american-english'].find(existsSync)
  if (found === undefined) throw missing('wamerican')
  return found
}

/** A node_modules made by `npm ci` from the lock in test/interop/node/NAME. */
export function nodeModules(name: 'clients' | 'node-24'): string {
  return installed(`node-${name}`, path.resolve('test', 'interop', 'node', name))
}

/** The directory of the node_modules that `npm ci` makes from the lock in `source`; no script of a
 * package runs, unless `finish` runs one. */
export function installed(
  name: string,
  source: string,
  finish: (fresh: string) => void = () => undefined,
): string {
  const lock = path.join(source, 'package-lock.json')
  return fetched(name, [lock], (fresh) => {
    for (const file of ['package.json', 'package-lock.json']) {
      copyFileSync(path.join(source, file), path.join(fresh, file))
    }
    runProgram('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: fresh,
      timeoutMs: 300_000,
    })
    finish(fresh)
  })
}

/** The jars of an old Java client with its own command line tools where it has them. */
export function clientLibs(version: ClientVersion): string {
  const pom = path.resolve('test', 'interop', 'java', `pom-${version}.xml`)
  return mavenLibs(`kafka-${version}`, pom)
}

export function requireInstalled(debianPackage: string, use: () => void): void {
  try {
    use()
  } catch (error) {
    throw new Error(missing(debianPackage).message, { cause: error })
  }
}

function missing(debianPackage: string): Error {
  return new Error(`Debian's ${debianPackage} is missing: run scripts/ci/install-packages.sh`)
}
