import { expect, test } from 'vitest'
import type { Clock } from '../../base/clock.ts'
import { createLogger, type LogOptions } from '../../src/telemetry/log.ts'

function logged(options: Partial<LogOptions>, use: (log: ReturnType<typeof createLogger>) => void) {
  const clock = { now: () => 3_723_004 } as Clock
  let text = ''
  use(
    createLogger({
      level: 'info',
      format: 'text',
      clock,
      write: (line) => {
        text += line
      },
      ...options,
    }),
  )
  return text
}

test('a line has time, level, message and facts', () => {
  expect(
    logged({}, (log) => log.warn('Disk is slow', { ms: 12, path: '/a b', none: undefined })),
  ).toBe('01:02:03.004 WARN  Disk is slow ms=12 path="/a b"\n')
})

test('lines below the level are not written', () => {
  const text = logged({ level: 'warn' }, (log) => {
    log.debug('a')
    log.info('b')
    log.warn('c')
    log.error('d')
  })
  expect(text.split('\n')).toHaveLength(3)
})

test('what a client sends cannot forge a line or move the cursor', () => {
  const text = logged({}, (log) => log.info('from a\nb', { client: '\u001b[2Jx\r\n01:02 ERROR' }))
  expect(text.match(/\n/g)).toHaveLength(1)
  expect(text).toContain('from a\\u000ab')
  expect(text).not.toContain('\u001b')
})

test('json lines parse back', () => {
  const text = logged({ format: 'json', level: 'debug' }, (log) => log.debug('a\nb', { n: 1 }))
  expect(JSON.parse(text)).toEqual({
    time: '1970-01-01T01:02:03.004Z',
    level: 'debug',
    message: 'a\nb',
    n: 1,
  })
})
