import { expect, test } from 'vitest'
import { compileReader, compileWriter } from '../../../protocol/schema/compile.ts'
import { interpretReader, interpretWriter } from '../../../protocol/schema/interpret.ts'
import { messageEntries } from '../../../protocol/tables.ts'
import { Reader } from '../../../protocol/wire/reader.ts'
import { Writer } from '../../../protocol/wire/writer.ts'
import { goldenCases, goldenMessages } from '../golden.ts'

const messages = new Map(messageEntries().map(({ message }) => [message.name, message]))
const ways = [
  { way: 'compiled', readerOf: compileReader, writerOf: compileWriter },
  { way: 'interpreted', readerOf: interpretReader, writerOf: interpretWriter },
]

test('every message of Apache Kafka is known and none but those', () => {
  expect([...messages.keys()].toSorted()).toEqual(goldenMessages().toSorted())
})

test.each(goldenMessages())('%s: reads and writes the bytes of Apache Kafka', (name) => {
  const message = messages.get(name)!
  const cases = goldenCases(name)
  const { min, max } = message.versions
  const versions = [...new Set(cases.map((one) => one.version))].toSorted((a, b) => a - b)
  expect(versions).toEqual(Array.from({ length: max - min + 1 }, (_, i) => min + i))
  for (const { way, readerOf, writerOf } of ways) {
    for (const one of cases) {
      const where = `${name} v${one.version} ${one.case}, ${way}`
      const reader = new Reader(one.bytes)
      const value = readerOf(message, one.version)(reader)
      reader.expectEnd(where)
      expect(value, where).toEqual(one.value)
      for (const draft of [one.value, value]) {
        const writer = new Writer()
        writerOf(message, one.version)(writer, draft)
        expect(writer.toBuffer().toString('hex'), where).toBe(one.bytes.toString('hex'))
      }
    }
  }
})
