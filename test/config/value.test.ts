import { expect, test } from 'vitest'
import {
  boolean,
  double,
  int,
  list,
  long,
  LONG_MAX,
  short,
  string,
} from '../../src/config/keys/key.ts'
import { parseValue, printValue } from '../../src/config/value.ts'

const doc = 'A key.'

test.each([
  [int(1, { doc, min: 1 }), ' 7 ', 7, '7'],
  [int(1, { doc }), '+7', 7, '7'],
  [int(1, { doc, min: 1, max: 9, or: -1 }), '-1', -1, '-1'],
  [long(1, { doc }), LONG_MAX, Infinity, LONG_MAX],
  [long(1, { doc }), '9007199254740993', Infinity, '9007199254740993'],
  [double(1, { doc }), '.5', 0.5, '0.5'],
  [double(1, { doc }), '1', 1, '1.0'],
  [double(1, { doc }), '1e7', 1e7, '1.0E7'],
  [double(1, { doc }), '1.7976931348623157E308', Number.MAX_VALUE, '1.7976931348623157E308'],
  [boolean(true, { doc }), 'FALSE', false, 'false'],
  [list('', { doc }), ' a , b', ['a', 'b'], 'a,b'],
  [list('', { doc }), '', [], ''],
  [string('a', { doc, anyCaseOf: ['Up'] }), 'uP', 'uP', 'uP'],
])('case %#: a good value is parsed and printed as Java does', (key, text, value, printed) => {
  expect(parseValue(key, text)).toEqual({ value, text: printed })
})

test.each([
  [int(1, { doc, min: 1 }), '0', 'a whole number from 1 to 2147483647'],
  [int(1, { doc }), '2147483648', 'a whole number from -2147483648 to 2147483647'],
  [int(1, { doc, min: 1, max: 9, or: -1 }), '10', 'a whole number from 1 to 9 or -1'],
  [int(1, { doc }), '1.5', 'a whole number from -2147483648 to 2147483647'],
  [short(1, { doc, min: 1 }), '32768', 'a whole number from 1 to 32767'],
  [long(1, { doc, min: -1 }), '9223372036854775808', `a whole number from -1 to ${LONG_MAX}`],
  [double(1, { doc, min: 0, max: 1 }), '1.5', 'a number from 0 to 1'],
  [boolean(true, { doc }), 'yes', 'true or false'],
  [string('a', { doc, oneOf: ['a', 'b', 'c'] }), 'd', 'a, b or c'],
  [list('a', { doc, oneOf: ['a', 'b'] }), 'a,d', 'a comma separated list of a or b'],
  [
    list('a', { doc, distinct: true, notEmpty: true }),
    '',
    'a comma separated list with at least one entry',
  ],
  [list('a', { doc, distinct: true }), 'a,a', 'a comma separated list, none of them twice'],
])('case %#: a bad value is answered with what is allowed', (key, text, allowed) => {
  expect(parseValue(key, text)).toBe(allowed)
})

test('a number without limit is printed as the largest long', () => {
  expect(printValue(long(1, { doc }), Infinity)).toBe(LONG_MAX)
  expect(printValue(list('', { doc }), ['a', 'b'])).toBe('a,b')
  expect(printValue(long(null, { doc }), null)).toBeNull()
})
