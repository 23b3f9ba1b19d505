import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { brokerKeys, groupKeys, topicKeys } from '../../src/config/keys/index.ts'
import type { Key, KeyTable } from '../../src/config/keys/key.ts'

const root = path.resolve(import.meta.dirname, '../../src')
// Files that name keys without acting on them: tables, defaults, rules for what may be set.
const NOT_USE =
  /^(config\/(keys\/.*|profile|dynamic|group|topic|describe)|cli\/config|assembly\/config-validators)\.ts$/

const named = new Set<string>()
for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.ts') || NOT_USE.test(name)) continue
  const text = readFileSync(path.join(root, name), 'utf8')
  for (const [, literal] of text.matchAll(/'([a-z][a-z0-9._]+)'/g)) named.add(literal!)
}

/** A broker key is also used through the topic or group key that falls back to it. */
function isUsed(name: string): boolean {
  if (named.has(name)) return true
  return [...Object.entries(topicKeys as KeyTable), ...Object.entries(groupKeys as KeyTable)].some(
    ([resource, key]) => named.has(resource) && key.from?.some((one) => one.name === name),
  )
}

test.each([
  ['broker', brokerKeys as KeyTable],
  ['topic', topicKeys as KeyTable],
  ['group', groupKeys as KeyTable],
])('a %s key says `used: false` exactly when nothing in src acts on it', (_, table) => {
  const keys: [string, Key][] = Object.entries(table)
  const promised = keys.filter(([name, key]) => key.used && !isUsed(name)).map(([name]) => name)
  const denied = keys.filter(([name, key]) => !key.used && isUsed(name)).map(([name]) => name)
  expect({ 'used by nothing': promised, 'used after all': denied }).toEqual({
    'used by nothing': [],
    'used after all': [],
  })
})
