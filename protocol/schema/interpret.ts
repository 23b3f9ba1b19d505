// Readers and writers made of closures: the oracle of the compiler, and what remains where the
// process may not make code from strings. Four to six times slower than compiled.
import type { ReadValue, WriteValue } from './kind.ts'
import type { Message } from './message.ts'
import { bodyPlace } from './message.ts'

export function interpretReader(message: Message, version: number): ReadValue {
  return message.kind.reads(bodyPlace(message, version))
}

export function interpretWriter(message: Message, version: number): WriteValue {
  return message.kind.writes(bodyPlace(message, version))
}
