import { expect, test } from 'vitest'
import { type FormatDirectory, storage } from '../../src/cli/storage.ts'
import { fakeContext } from './fake-context.ts'

const ID = 'MkU3OEVBNTcwNTJENDM2Qk'

function prepared() {
  const context = fakeContext()
  context.addFile('/server.properties', 'node.id=4\nlog.dirs=/a\n')
  const seen: Parameters<FormatDirectory>[0][] = []
  const format: FormatDirectory = (options) => {
    seen.push(options)
    context.addFile(`${options.directory}/meta.properties`, `node.id=4\ncluster.id=${ID}\n`)
  }
  return { context, seen, format }
}

test('random-uuid prints an id that format takes', async () => {
  const { context, format, seen } = prepared()
  await storage(context, ['random-uuid'], format)
  const id = context.printed.out.trim()
  expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(await storage(context, ['format', '-t', id, '-c', '/server.properties'], format)).toBe(0)
  expect(seen[0]).toMatchObject({ clusterId: id, nodeId: 4, directory: '/a', metadataVersion: 21 })
})

test('info says what is formatted, with exit code 1 where something is not', async () => {
  const { context, format } = prepared()
  expect(await storage(context, ['info', '-c', '/server.properties'], format)).toBe(1)
  await storage(context, ['format', '-t', ID, '-c', '/server.properties'], format)
  expect(await storage(context, ['info', '-c', '/server.properties'], format)).toBe(0)
  expect(context.printed.out).toContain('/a is not formatted\n')
  expect(context.printed.out).toContain(`/a is formatted: cluster.id=${ID}, node.id=4\n`)
})

test('a formatted directory is left alone or refused', async () => {
  const { context, seen, format } = prepared()
  const words = ['format', '-t', ID, '-c', '/server.properties']
  await storage(context, words, format)
  await expect(storage(context, words, format)).rejects.toThrow(/\/a is formatted already/)
  expect(await storage(context, [...words, '--ignore-formatted'], format)).toBe(0)
  expect(seen).toHaveLength(1)
})

test('options of Apache Kafka reach the format', async () => {
  const { context, seen, format } = prepared()
  const words = ['format', '-t', ID, '-c', '/server.properties', '--standalone']
  await storage(context, [...words, '--release-version', '3.7', '--feature', 'x.y=1'], format)
  expect(seen[0]).toMatchObject({ standalone: true, metadataVersion: 19 })
  expect(seen[0]!.features).toEqual(new Map([['x.y', 1]]))
})

test.each([
  [['format', '-c', '/server.properties'], /needs --cluster-id/],
  [['format', '-t', 'x', '-c', '/server.properties'], /--cluster-id is 'x'/],
  [['format', '-t', ID], /needs the file of the broker/],
  [['format', '-t', ID, '-c', '/server.properties', '-r', '4.4'], /--release-version is '4\.4'/],
  [['format', '-t', ID, '-c', '/server.properties', '-f', 'x'], /--feature is 'x'/],
  [['destroy'], /does not know 'destroy'/],
] as [string[], RegExp][])('%j is refused', async (words, sentence) => {
  const { context, format } = prepared()
  await expect(storage(context, words, format)).rejects.toThrow(sentence)
})
