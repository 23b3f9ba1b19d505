// Reads one value out of a decoded answer by its path: pick(body, 'topics.0.partitions.1.errorCode').
import type { Message } from './codec.ts'

export function pick(body: Message, at: string): unknown {
  let value: unknown = body
  for (const step of at.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

export function numberAt(body: Message, at: string): number {
  const value = pick(body, at)
  if (typeof value !== 'number') throw new Error(`no number at ${at} in ${show(body)}`)
  return value
}

export function textAt(body: Message, at: string): string {
  const value = pick(body, at)
  if (typeof value !== 'string') throw new Error(`no text at ${at} in ${show(body)}`)
  return value
}

export function listAt(body: Message, at: string): readonly Message[] {
  const value = pick(body, at)
  if (!Array.isArray(value)) throw new Error(`no list at ${at} in ${show(body)}`)
  return value as Message[]
}

export function show(value: unknown, most = 600): string {
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'bigint' || member === Infinity || member === -Infinity) {
      return String(member)
    }
    if (ArrayBuffer.isView(member)) {
      return `hex:${Buffer.from(member.buffer, member.byteOffset, member.byteLength).toString('hex')}`
    }
    if (isBufferJson(member)) return `hex:${Buffer.from(member.data).toString('hex')}`
    return member
  })
  return text === undefined || text.length <= most
    ? (text ?? 'undefined')
    : `${text.slice(0, most)}...`
}

function isBufferJson(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
}
