// The machine and the versions of a run, so that a figure is never read without them.
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { runProgram } from '../test/apache/program.ts'
import { APACHE_VERSION } from './servers/apache.ts'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly isVirtual: boolean
  readonly kernel: string
  readonly system: string
  readonly node: string
  readonly java: string
  readonly librdkafka: string
  readonly apacheKafka: string
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    isVirtual: /^flags\s.*\bhypervisor\b/m.test(readFileSync('/proc/cpuinfo', 'utf8')),
    kernel: release(),
    system: systemName(),
    node: process.version.slice(1),
    java: javaVersion(),
    librdkafka: librdkafkaVersion(),
    apacheKafka: APACHE_VERSION,
  }
}

export interface Commit {
  readonly hash: string
  /** The tree had changes that the commit does not have. */
  readonly isDirty: boolean
}

export function currentCommit(): Commit {
  const hash = runProgram('git', ['rev-parse', '--short=10', 'HEAD']).trim()
  const changed = runProgram('git', [
    'status',
    '--porcelain',
    '--',
    '.',
    ':!bench/results',
    ':!docs',
  ])
  return { hash, isDirty: changed.trim() !== '' }
}

function systemName(): string {
  const text = readFileSync('/etc/os-release', 'utf8')
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? 'Linux'
}

function javaVersion(): string {
  const text = runProgram('java', ['--version'])
  return /^\S+ (\S+)/.exec(text)?.[1] ?? text.trim()
}

function librdkafkaVersion(): string {
  const printed = runProgram('dpkg-query', ['-W', '-f', '${Version}', 'librdkafka1'])
  return `${printed.trim()} (Debian)`
}
