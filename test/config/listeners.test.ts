import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { Listener } from '../../src/config/listeners.ts'

function listeners(...set: string[]): readonly Listener[] {
  return loadConfig({ set }).listeners
}

test('a listener bound to a name or address advertises it, a wildcard answers per connection', () => {
  const found = listeners('listeners=A://broker:1,B://[::1]:2,C://:3,D://0.0.0.0:4', MAP)
  expect(found.map(({ host, advertised }) => [host, advertised])).toEqual([
    ['broker', { host: 'broker', port: 1 }],
    ['::1', { host: '::1', port: 2 }],
    ['', null],
    ['', null],
  ])
})

const MAP = 'listener.security.protocol.map=A:PLAINTEXT,B:PLAINTEXT,C:PLAINTEXT,D:PLAINTEXT,E:SSL'

test('advertised.listeners wins over the bound address', () => {
  const [found] = listeners(
    'listeners=PLAINTEXT://:9092',
    'advertised.listeners=PLAINTEXT://example.org:19092',
  )
  expect(found!.advertised).toMatchObject({ host: 'example.org', port: 19_092 })
})

test('controller listeners are marked and need no entry in the default protocol map', () => {
  const found = listeners(
    'listeners=PLAINTEXT://:9092,CONTROLLER://:9093',
    'controller.listener.names=CONTROLLER',
  )
  expect(found.map(({ name, protocol, isController }) => [name, protocol, isController])).toEqual([
    ['PLAINTEXT', 'PLAINTEXT', false],
    ['CONTROLLER', 'PLAINTEXT', true],
  ])
})

test('one port may serve both families, and port 0 any number of listeners', () => {
  expect(listeners('listeners=A://127.0.0.1:5,B://[::1]:5,C://:0,D://:0', MAP)).toHaveLength(4)
})

test.each([
  [
    ['listeners=PLAINTEXT:9092'],
    "listeners has the entry 'PLAINTEXT:9092': allowed is NAME://host:port with a port from 0 to 65535.",
  ],
  [
    ['listeners=PLAINTEXT://:99999'],
    "listeners has the entry 'PLAINTEXT://:99999': allowed is NAME://host:port with a port from 0 to 65535.",
  ],
  [
    ['listeners=A://:1,B://:1', MAP],
    'listeners uses port 1 for A and B: each listener needs its own port.',
  ],
  [['listeners=A://:1,a://:2', MAP], 'listeners names A twice: each listener needs its own name.'],
  [
    ['listeners=OTHER://:1'],
    'listeners names OTHER, which listener.security.protocol.map does not: add NAME:PROTOCOL there.',
  ],
  [
    ['listeners=A://:1', 'advertised.listeners=B://x:1', MAP],
    'advertised.listeners names B, which listeners does not: use one of A.',
  ],
  [
    ['listeners=A://:1', 'advertised.listeners=A://0.0.0.0:1', MAP],
    "advertised.listeners has the entry 'A://0.0.0.0:1': no client can connect to that address, name one that clients reach.",
  ],
  [
    ['listener.security.protocol.map=A:TLS'],
    "listener.security.protocol.map has the entry 'A:TLS': allowed is NAME:PROTOCOL with PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL.",
  ],
])('case %#: a wrong listener is one sentence', (set, sentence) => {
  expect(() => listeners(...set)).toThrow(sentence)
})
