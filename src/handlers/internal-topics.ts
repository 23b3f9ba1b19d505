// The topics that brokers write for themselves.
const INTERNAL_TOPICS = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
])

export const GROUP_METADATA_TOPIC = '__consumer_offsets'

export function isInternalTopic(name: string): boolean {
  return INTERNAL_TOPICS.has(name)
}
