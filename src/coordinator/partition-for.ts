// Which partition of an internal topic owns a key: Java's String.hashCode over UTF-16 code units,
// made non-negative the way Kafka does it, modulo the partition count.

/** The partition (0 <= p < partitionCount) whose leader coordinates `key`. */
export function partitionFor(key: string, partitionCount: number): number {
  const hash = javaHashCode(key)
  // Kafka's abs: the one int without a positive counterpart becomes 0.
  const positive = hash === -(2 ** 31) ? 0 : Math.abs(hash)
  return positive % partitionCount
}

/** java.lang.String.hashCode: a signed 32-bit integer. */
export function javaHashCode(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
