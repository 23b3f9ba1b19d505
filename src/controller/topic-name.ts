// What a topic may be called, and which names exclude each other.

const MAX_TOPIC_NAME_LENGTH = 249

/** Why Kafka refuses a topic name; undefined when it is legal. */
export function invalidTopicName(name: string): string | undefined {
  if (name === '') return 'the empty string is not allowed'
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  if (name.length > MAX_TOPIC_NAME_LENGTH) {
    return `the length of '${name}' is longer than the max allowed length ${MAX_TOPIC_NAME_LENGTH}`
  }
  if (/^[a-zA-Z0-9._-]+$/.test(name)) return undefined
  return (
    `'${name}' contains one or more characters ` +
    "other than ASCII alphanumerics, '.', '_' and '-'"
  )
}

/** Kafka allows one of 'a.b' and 'a_b': they would share metric names. */
export function collisionKey(name: string): string | undefined {
  return /[._]/.test(name) ? name.replaceAll('.', '_') : undefined
}
