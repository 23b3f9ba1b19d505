// Which topics a member of type "consumer" subscribes to, read out of its subscription: the only
// part of a member's metadata that the coordinator ever looks at (ConsumerProtocolSubscription v0).

/** The topic names, or null when the bytes are not a subscription. */
export function subscribedTopics(subscription: Uint8Array): string[] | null {
  const bytes = Buffer.from(subscription.buffer, subscription.byteOffset, subscription.byteLength)
  if (bytes.length < 6 || bytes.readInt16BE(0) < 0) return null
  const count = bytes.readInt32BE(2)
  // Each name takes two bytes at least, so a count beyond that is not a count.
  if (count < 0 || count > (bytes.length - 6) / 2) return null
  const topics: string[] = []
  let at = 6
  for (let i = 0; i < count; i++) {
    if (at + 2 > bytes.length) return null
    const length = bytes.readInt16BE(at)
    if (length < 0 || at + 2 + length > bytes.length) return null
    topics.push(bytes.toString('utf8', at + 2, at + 2 + length))
    at += 2 + length
  }
  return endsInUserData(bytes, at) ? topics : null
}

/** Version 0 ends with nullable bytes; later versions append to that, and we read no further. */
function endsInUserData(bytes: Buffer, at: number): boolean {
  if (at + 4 > bytes.length) return false
  const length = bytes.readInt32BE(at)
  return length >= -1 && at + 4 + Math.max(length, 0) <= bytes.length
}
