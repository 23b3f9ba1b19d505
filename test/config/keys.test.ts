import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { brokerKeys, groupKeys, topicKeys } from '../../src/config/keys/index.ts'
import type { Key, KeyTable } from '../../src/config/keys/key.ts'
import { authorizerKeys } from '../../src/config/keys/security.ts'
import { throttleKeys } from '../../src/config/keys/quota.ts'

const golden = readFileSync(new URL('../golden/config-keys.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t') as [string, string, string, string, string, string])

const tables: Record<string, KeyTable> = {
  broker: brokerKeys,
  topic: topicKeys,
  group: groupKeys,
}

test.each(['broker', 'topic', 'group'])('the %s keys are those of Apache Kafka', (scope) => {
  const kafka = golden.filter((row) => row[0] === scope).map((row) => row[1])
  const extra = new Set([...Object.keys(throttleKeys), ...Object.keys(authorizerKeys)])
  const ours = Object.keys(tables[scope]!).filter(
    (name) => !name.startsWith('samsa.') && !extra.has(name),
  )
  expect(ours.sort()).toEqual(kafka)
})

test('kind, default, update mode and visibility of every key are those of Apache Kafka', () => {
  const differences: string[] = []
  for (const [scope, name, kind, initial, dynamic, visibility] of golden) {
    const key = tables[scope]![name] as Key
    const own = [
      key.kind,
      key.required ? '(required)' : String(key.initial),
      scope === 'broker' ? key.dynamic : '-',
      key.internal ? 'internal' : 'listed',
    ]
    const theirs = [kind, initial, dynamic, visibility]
    if (own.join() !== theirs.join())
      differences.push(`${name}: ${own.join()} not ${theirs.join()}`)
  }
  expect(differences).toEqual([])
})

test('every broker synonym of a topic or group key is a broker key', () => {
  for (const table of [topicKeys, groupKeys] as KeyTable[]) {
    for (const key of Object.values(table)) {
      for (const { name } of key.from ?? []) expect(brokerKeys).toHaveProperty([name])
    }
  }
})

test('every key is documented in one sentence', () => {
  for (const table of Object.values(tables)) {
    for (const [name, key] of Object.entries(table)) {
      expect(key.doc, name).toMatch(/^\S.*[^.]\.$/)
      expect(key.doc, name).not.toMatch(/\.\s+[A-Z]/)
    }
  }
})
