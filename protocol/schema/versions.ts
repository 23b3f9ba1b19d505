// Version ranges in the notation of Kafka's schemas: "3-13", "0", "9+", "none".

export interface VersionRange {
  readonly min: number
  readonly max: number
}

/** A closed range: "3-13" or "0". */
export function parseVersions(text: string): VersionRange {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (match === null) throw new TypeError(`not a closed version range: ${text}`)
  const min = Number(match[1])
  return { min, max: match[2] === undefined ? min : Number(match[2]) }
}

/** The first flexible version: "9+" gives 9, "none" gives Infinity. */
export function parseFlexible(text: string): number {
  if (text === 'none') return Infinity
  const match = /^(\d+)\+$/.exec(text)
  if (match === null) throw new TypeError(`not an open version range: ${text}`)
  return Number(match[1])
}

export function includesVersion(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max
}
