// The cache of compiled code of bin/samsa: it is used when it fits, and never in the way.
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadWithCodeCache, type Loaded } from '../../bin/code-cache.mjs'

let home: string
let file: string
let cache: string

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'samsa-code-'))
  file = path.join(home, 'program.cjs')
  cache = path.join(home, 'cache', 'code')
  write(42)
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

function write(answer: number): void {
  const source = `const path = require('node:path'); exports.answer = ${answer}; exports.name = path.basename(__filename)`
  writeFileSync(file, source)
}

function load(directory = cache): Loaded {
  return loadWithCodeCache(file, directory)
}

test('the second load takes what the first one kept', () => {
  const first = load()
  expect(first).toMatchObject({ exports: { answer: 42, name: 'program.cjs' }, isFromCache: false })
  first.keep()
  expect(load()).toMatchObject({ exports: { answer: 42 }, isFromCache: true })
})

test('a file that changed is compiled again, also when its length is the same', () => {
  load().keep()
  write(43)
  utimesSync(file, 1, 1)
  expect(load()).toMatchObject({ exports: { answer: 43 }, isFromCache: false })
})

test('a damaged cache is not used', () => {
  load().keep()
  const kept = path.join(cache, readdirSync(cache)[0]!)
  const bytes = readFileSync(kept)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(kept, bytes)
  expect(load()).toMatchObject({ exports: { answer: 42 }, isFromCache: false })
})

test('where nothing can be written every load compiles', () => {
  const loaded = load(path.join(file, 'no directory'))
  loaded.keep()
  expect(load(path.join(file, 'no directory'))).toMatchObject({ isFromCache: false })
})

test('the cache keeps eight files, the newest', () => {
  for (let i = 0; i < 12; i++) {
    utimesSync(file, 1000 + i, 1000 + i)
    load().keep()
  }
  expect(readdirSync(cache)).toHaveLength(8)
  expect(load()).toMatchObject({ isFromCache: true })
})
