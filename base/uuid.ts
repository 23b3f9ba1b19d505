// Kafka's UUIDs in their text form: 16 bytes as 22 characters of unpadded URL-safe base64. The
// string is the value everywhere in Samsa: it is a map key, and it is what people see.
import type { Random } from './random.ts'

export type Uuid = string

/** The all-zero UUID: "no id" on the wire; also directory id MIGRATING. */
export const ZERO_UUID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA'
/** Topic id of __cluster_metadata; as a directory id: UNASSIGNED. */
export const ONE_UUID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** A random UUID (version 4), never one of the reserved values (top 64 bits zero) and, as Kafka's
 * own generator, never one whose text starts with a dash (a command line takes it for a flag). */
export function randomUuid(random: Random): Uuid {
  for (;;) {
    const bytes = Buffer.from(random.bytes(16))
    bytes[6] = (bytes[6]! & 0x0f) | 0x40
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    const text = bytes.toString('base64url')
    if (!text.startsWith('-')) return text
  }
}

/** The canonical text, or undefined when `text` is not 16 bytes of base64 (either alphabet). */
export function parseUuid(text: string): Uuid | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === 16 && text.length <= 24 ? bytes.toString('base64url') : undefined
}
