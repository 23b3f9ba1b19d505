import { expect, expectTypeOf, test } from 'vitest'
import { type CommandDeclaration, helpOf, parseArguments } from '../../src/cli/arguments.ts'

const declaration = {
  name: 'sail',
  summary: 'Sails.',
  operands: ['TO', '[VIA...]'],
  options: {
    speed: { type: 'string', short: 's', value: 'KNOTS', doc: 'How fast.' },
    flag: { type: 'string', multiple: true, doc: 'A flag to fly.' },
    night: { type: 'boolean', doc: 'Sails in the dark.' },
  },
} as const satisfies CommandDeclaration

test('options, repeated options and operands are found in any order', () => {
  const { options, operands } = parseArguments(declaration, [
    'Cadiz',
    '--flag=a',
    '-s',
    '-7',
    '--night',
    '--flag',
    'b',
    '--',
    '--odd',
  ])
  expectTypeOf(options.speed).toEqualTypeOf<string | undefined>()
  expectTypeOf(options.night).toEqualTypeOf<boolean>()
  expect(options).toEqual({ speed: '-7', flag: ['a', 'b'], night: true })
  expect(operands).toEqual(['Cadiz', '--odd'])
})

test.each([
  [['x', '--spead', '3'], 'samsa sail has no option --spead: did you mean --speed?'],
  [['x', '--toString'], 'samsa sail has no option --toString: see samsa sail --help.'],
  [['x', '--speed'], '--speed needs a value: KNOTS.'],
  [['x', '--speed', '--night'], '--speed needs a value: KNOTS.'],
  [['x', '--night=1'], '--night takes no value.'],
  [[], 'samsa sail needs TO: see samsa sail --help.'],
])('%j is refused in one sentence', (words, sentence) => {
  expect(() => parseArguments(declaration, words)).toThrow(sentence)
})

test('an operand too many is named', () => {
  const closed = { ...declaration, operands: ['[TO]'] } as const
  expect(() => parseArguments(closed, ['a', 'b'])).toThrow("what to do with 'b'")
})

test('the help shows usage and aligned options', () => {
  expect(helpOf(declaration)).toBe(
    'Sails.\n\nUsage: samsa sail TO [VIA...] [OPTIONS]\n\n' +
      'Options:\n' +
      '  -s, --speed KNOTS  How fast.\n' +
      '  --flag VALUE       A flag to fly.\n' +
      '  --night            Sails in the dark.\n',
  )
})
