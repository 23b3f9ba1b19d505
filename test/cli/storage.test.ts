import { expect, test } from 'vitest'
import { storage } from '../../src/cli/storage.ts'
import { readFile } from '../../storage/fs/whole-file.ts'
import { fakeContext } from './fake-context.ts'

const ID = 'MkU3OEVBNTcwNTJENDM2Qk'
const FILE = '/server.properties'
const FORMAT = ['format', '-t', ID, '-c', FILE]

function prepared(more = '') {
  const context = fakeContext()
  context.addFile(FILE, `node.id=4\nlog.dirs=/a\n${more}`)
  return context
}

test('random-uuid prints an id that format takes', async () => {
  const context = prepared()
  await storage(context, ['random-uuid'])
  const id = context.printed.out.trim()
  expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(await storage(context, ['format', '-t', id, '-c', FILE])).toBe(0)
  const properties = readFile(context.fs, '/a/meta.properties')!.toString()
  expect(properties).toContain(`cluster.id=${id}\n`)
  expect(properties).toContain('node.id=4\n')
})

test('info says what is formatted, with exit code 1 where something is not', async () => {
  const context = prepared()
  expect(await storage(context, ['info', '-c', FILE])).toBe(1)
  await storage(context, FORMAT)
  expect(await storage(context, ['info', '-c', FILE])).toBe(0)
  expect(context.printed.out).toMatch(/^\/a is not formatted$/m)
  expect(context.printed.out).toMatch(
    /^\/a is formatted: cluster\.id=\S+, directory\.id=\S+, node\.id=4, version=1$/m,
  )
})

test('a formatted directory is left alone or refused', async () => {
  const context = prepared()
  await storage(context, FORMAT)
  const before = readFile(context.fs, '/a/meta.properties')
  await expect(storage(context, FORMAT)).rejects.toThrow(/\/a is formatted already/)
  expect(await storage(context, [...FORMAT, '--ignore-formatted'])).toBe(0)
  expect(readFile(context.fs, '/a/meta.properties')).toEqual(before)
})

const CONTROLLER =
  'listeners=PLAINTEXT://:9092,CONTROLLER://:9093\ncontroller.listener.names=CONTROLLER\n'
const FIRST_VOTERS = '/a/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint'

test('--standalone writes the first voters of a quorum that can change', async () => {
  const context = prepared(CONTROLLER)
  await storage(context, [...FORMAT, '--standalone', '--release-version', '3.9'])
  expect(context.fs.stat(FIRST_VOTERS)).toBeDefined()
  expect(context.printed.out).toBe('Formatted /a with metadata.version 21.\n')
})

test('--initial-controllers gives the directory the id that it names', async () => {
  const context = prepared(CONTROLLER)
  const directoryId = 'dG9waWMtaWQtMTIzNDU2Nw'
  await storage(context, [...FORMAT, '-I', `4@localhost:9093:${directoryId}`])
  expect(context.fs.stat(FIRST_VOTERS)).toBeDefined()
  expect(readFile(context.fs, '/a/meta.properties')!.toString()).toContain(
    `directory.id=${directoryId}\n`,
  )
})

test('a feature level or a release chooses the metadata version', async () => {
  for (const [words, level] of [
    [['--feature', 'metadata.version=20', '-f', 'transaction.version=0'], 20],
    [['-r', '3.7'], 19],
    [['-r', '3.9-IV0', '-N'], 21],
  ] as const) {
    const context = prepared()
    await storage(context, [...FORMAT, ...words])
    expect(context.printed.out).toContain(`metadata.version ${level}.`)
  }
})

test.each([
  [['format', '-c', FILE], /needs --cluster-id/],
  [['format', '-t', 'x', '-c', FILE], /--cluster-id is 'x'/],
  [['format', '-t', ID], /needs the file of the broker/],
  [[...FORMAT, '-r', '4.4'], /--release-version is '4\.4'/],
  [[...FORMAT, '-f', 'x'], /--feature is 'x'/],
  [[...FORMAT, '-f', 'share.version=1'], /'share.version=1': allowed is a level from 0 to 0/],
  [[...FORMAT, '-I', '5@b:1:AAAAAAAAAAAAAAAAAAAAAA'], /allowed is 4@HOST:PORT:DIRECTORY-ID/],
  [[...FORMAT, '-s', '-N'], /takes one of/],
  [['destroy'], /does not know 'destroy'/],
] as [string[], RegExp][])('%j is refused', async (words, sentence) => {
  await expect(storage(prepared(), words)).rejects.toThrow(sentence)
})
