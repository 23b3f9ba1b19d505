import { expect, test } from 'vitest'
import { startBroker, StartFailure } from '../src/index.ts'

/** What keeps a process alive, but for what the test runner itself holds. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name.startsWith('TCP'))
    .sort()
}

test('a broker in this process is started, found and stopped without a leaked handle', async () => {
  const before = handles()
  const broker = await startBroker({ memory: true, port: 0, config: { 'node.id': '7' } })
  expect(broker.nodeId).toBe(7)
  expect(broker.dataDirectory).toBeNull()
  expect(broker.listeners[0]!.port).toBeGreaterThan(0)
  expect(handles().length).toBeGreaterThan(before.length)
  await broker.stop()
  await broker.stop()
  expect(handles()).toEqual(before)
})

test('a wrong setting rejects with a sentence', async () => {
  await expect(startBroker({ config: { 'num.partition': '1' } })).rejects.toThrow(StartFailure)
  await expect(startBroker({ config: { 'num.partition': '1' } })).rejects.toMatchObject({
    sentence: 'num.partition (--set) is not a known key: did you mean num.partitions?',
  })
})
