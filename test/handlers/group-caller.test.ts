import { expect, test } from 'vitest'
import { javaHost } from '../../src/handlers/group-caller.ts'

// Right: what java.net.InetAddress.toString prints for the address.
test.each([
  ['127.0.0.1', '/127.0.0.1'],
  ['::ffff:10.0.0.7', '/10.0.0.7'],
  ['::1', '/0:0:0:0:0:0:0:1'],
  ['::', '/0:0:0:0:0:0:0:0'],
  ['fe80::aede:48ff:fe00:1122%eth0', '/fe80:0:0:0:aede:48ff:fe00:1122%eth0'],
  ['2001:0db8::', '/2001:db8:0:0:0:0:0:0'],
])('%s is shown as %s', (address, shown) => {
  expect(javaHost(address)).toBe(shown)
})
