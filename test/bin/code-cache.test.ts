// The cache of compiled code of bin/samsa: it is used when it fits, and never in the way.
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

interface Loaded {
  readonly exports: { readonly answer: number; readonly name: string }
  readonly isFromCache: boolean
  keep(): void
}

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

async function load(directory = cache): Promise<Loaded> {
  const { loadWithCodeCache } = (await import('../../bin/code-cache.mjs')) as {
    loadWithCodeCache(file: string, directory: string): Loaded
  }
  return loadWithCodeCache(file, directory)
}

test('the second load takes what the first one kept', async () => {
  const first = await load()
  expect(first).toMatchObject({ exports: { answer: 42, name: 'program.cjs' }, isFromCache: false })
  first.keep()
  expect(await load()).toMatchObject({ exports: { answer: 42 }, isFromCache: true })
})

test('a file that changed is compiled again, also when its length is the same', async () => {
  ;(await load()).keep()
  write(43)
  utimesSync(file, 1, 1)
  expect(await load()).toMatchObject({ exports: { answer: 43 }, isFromCache: false })
})

test('a damaged cache is not used', async () => {
  ;(await load()).keep()
  const kept = path.join(cache, readdirSync(cache)[0]!)
  const bytes = readFileSync(kept)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(kept, bytes)
  expect(await load()).toMatchObject({ exports: { answer: 42 }, isFromCache: false })
})

test('where nothing can be written every load compiles', async () => {
  const loaded = await load(path.join(file, 'no directory'))
  loaded.keep()
  expect(await load(path.join(file, 'no directory'))).toMatchObject({ isFromCache: false })
})

test('the cache keeps eight files, the newest', async () => {
  for (let i = 0; i < 12; i++) {
    utimesSync(file, 1000 + i, 1000 + i)
    ;(await load()).keep()
  }
  expect(readdirSync(cache)).toHaveLength(8)
  expect(await load()).toMatchObject({ isFromCache: true })
})
