// Member ids end in a random UUID in Java's text form (8-4-4-4-12 hexadecimal digits, version 4).
import type { Surroundings } from '../../../machine/machine.ts'

export function randomUUID(random: Surroundings<unknown>['random']): string {
  const bytes = Buffer.from(random.bytes(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  const cut = (from: number, to: number): string => hex.slice(from, to)
  return [cut(0, 8), cut(8, 12), cut(12, 16), cut(16, 20), cut(20, 32)].join('-')
}
