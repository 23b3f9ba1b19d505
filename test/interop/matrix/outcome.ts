// What came out of one scenario with one client at one broker, and the record of what came out at Apache
// Kafka: `apache.json`, which says for every client from which files it was made.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { ClientProgram } from './client-program.ts'

export type Outcome =
  | { readonly kind: 'ok' }
  /** The library has no such thing. */
  | { readonly kind: 'lacks'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string; readonly stderr?: string }

export interface ClientRecord {
  /** Of everything that decides what happens: the program, its pins, the scenarios. */
  readonly fingerprint: string
  readonly library: string
  readonly version: string
  readonly outcomes: Readonly<Record<string, Outcome>>
}

export interface ApplicationRecord {
  readonly fingerprint: string
  readonly outcome: Outcome
}

export interface ApacheRecord {
  readonly clients: Readonly<Record<string, ClientRecord>>
  readonly applications: Readonly<Record<string, ApplicationRecord>>
}

const HERE = path.join('test', 'interop', 'matrix')
export const APACHE_FILE = path.join(HERE, 'apache.json')

export function readApacheRecord(): ApacheRecord {
  if (!existsSync(APACHE_FILE)) return { clients: {}, applications: {} }
  return JSON.parse(readFileSync(APACHE_FILE, 'utf8')) as ApacheRecord
}

/** Changes whenever what the client, or the one it shares a group with, does in a scenario may. */
export function fingerprint(client: ClientProgram, partner: ClientProgram): string {
  const shared = ['scenarios', ...SHARED].map((name) => path.join(HERE, name))
  return fingerprintOf([...new Set([...client.files, ...partner.files, ...shared])])
}

/** Of the content of files and of all files of folders. */
export function fingerprintOf(places: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of places.flatMap(filesOf).sort()) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}

const SHARED = ['driver.ts', 'raw-log.ts', 'scenario.ts', 'wire-record.ts', 'seeded-bytes.ts']

function filesOf(place: string): string[] {
  const found = readdirSync(path.dirname(place), { withFileTypes: true }).find(
    ({ name }) => name === path.basename(place),
  )
  if (found === undefined) throw new Error(`${place} is not there`)
  if (!found.isDirectory()) return [place]
  return readdirSync(place).flatMap((name) => filesOf(path.join(place, name)))
}

export function whyOf(outcome: Outcome): string {
  if (outcome.kind === 'ok') return 'ok'
  if (outcome.kind === 'lacks' || (outcome.stderr ?? '') === '') return outcome.why
  return `${outcome.why} [stderr: ${outcome.stderr}]`
}

/** Without what is another text in each run. */
export function lasting(outcome: Outcome): Outcome {
  return outcome.kind === 'failed' ? { kind: 'failed', why: outcome.why } : outcome
}
