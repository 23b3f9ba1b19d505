import { expect, test } from 'vitest'
import { parseProperties } from '../../src/config/properties.ts'

function pairs(text: string): [string, string][] {
  return parseProperties(text).map(({ name, value }) => [name, value])
}

test.each([
  ['key=value', 'key', 'value'],
  ['key:value', 'key', 'value'],
  ['key value', 'key', 'value'],
  ['  key \t=  value ', 'key', 'value '],
  ['key', 'key', ''],
  ['key==value', 'key', '=value'],
  ['a\\=b=c', 'a=b', 'c'],
  ['a\\ b=c', 'a b', 'c'],
  ['key=a\\\\b', 'key', 'a\\b'],
  ['key=\\u00e9\\t\\n', 'key', 'é\t\n'],
  ['key=\\q', 'key', 'q'],
  ['\uFEFFkey=value', 'key', 'value'],
])('%j is one entry', (text, name, value) => {
  expect(pairs(text)).toEqual([[name, value]])
})

test('comments and blank lines are skipped, whatever the line ending', () => {
  expect(pairs('# one\r\n! two\r\r  # three\n\na=1\rb=2')).toEqual([
    ['a', '1'],
    ['b', '2'],
  ])
})

test('an odd number of backslashes continues a line, a comment is never continued', () => {
  expect(pairs('a=1,\\\n   2\nb=1\\\\\n# note\\\nc=3')).toEqual([
    ['a', '1,2'],
    ['b', '1\\'],
    ['c', '3'],
  ])
})

test('a file that ends in a backslash ends its last value there', () => {
  expect(pairs('a=1\\')).toEqual([['a', '1']])
})

test('each entry knows its line', () => {
  expect(parseProperties('\na=1\\\n 2\nb=3').map(({ line }) => line)).toEqual([2, 4])
})
