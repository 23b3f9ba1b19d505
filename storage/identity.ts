// The files that say whose a directory is: meta.properties (the log directory's cluster, node and
// own id), partition.metadata (a partition's topic id), .kafka_cleanshutdown (the last stop was
// clean, and in which broker epoch). All replaced as a whole, synced with their directory.
import type { Uuid } from '../base/uuid.ts'
import { parseUuid } from '../base/uuid.ts'
import type { FileSystem } from './fs/fs.ts'
import { join } from './fs/path.ts'
import { exchangeFile, readFile, removeFile, replaceFile } from './fs/whole-file.ts'

export const META_PROPERTIES = 'meta.properties'
export const PARTITION_METADATA = 'partition.metadata'
export const CLEAN_SHUTDOWN = '.kafka_cleanshutdown'

export interface MetaProperties {
  readonly clusterId: string
  readonly nodeId: number
  readonly directoryId: Uuid | undefined
}

/** undefined when the file is not there; 'garbled' when it misses what version 1 must say. */
export function readMetaProperties(
  fs: FileSystem,
  directory: string,
): MetaProperties | 'garbled' | undefined {
  const bytes = readFile(fs, join(directory, META_PROPERTIES))
  if (bytes === undefined) return undefined
  const values = parseProperties(bytes.toString())
  const clusterId = values.get('cluster.id')
  const nodeId = Number(values.get('node.id') ?? values.get('broker.id') ?? Number.NaN)
  const directoryText = values.get('directory.id')
  const directoryId = directoryText === undefined ? undefined : parseUuid(directoryText)
  if (values.get('version') !== '1' || clusterId === undefined || clusterId === '') return 'garbled'
  if (!Number.isSafeInteger(nodeId) || nodeId < 0) return 'garbled'
  if (directoryText !== undefined && directoryId === undefined) return 'garbled'
  return { clusterId, nodeId, directoryId }
}

export function writeMetaProperties(
  fs: FileSystem,
  directory: string,
  { clusterId, nodeId, directoryId }: MetaProperties,
): void {
  const lines = ['#', `cluster.id=${clusterId}`]
  if (directoryId !== undefined) lines.push(`directory.id=${directoryId}`)
  lines.push(`node.id=${nodeId}`, 'version=1')
  replaceFile(fs, join(directory, META_PROPERTIES), `${lines.join('\n')}\n`)
}

/** The topic id of a partition's directory, undefined without the file; null when it is garbled. */
export function readPartitionMetadata(fs: FileSystem, directory: string): Uuid | null | undefined {
  const bytes = readFile(fs, join(directory, PARTITION_METADATA))
  if (bytes === undefined) return undefined
  const found = /^version: 0\ntopic_id: (\S+)\s*$/.exec(bytes.toString())
  return found === null ? null : (parseUuid(found[1]!) ?? null)
}

/** Durable once the file, whose path is returned, and its directory are synced. */
export function writePartitionMetadata(fs: FileSystem, directory: string, topicId: Uuid): string {
  const path = join(directory, PARTITION_METADATA)
  exchangeFile(fs, path, `version: 0\ntopic_id: ${topicId}`, { sync: false })
  return path
}

/** Broker epoch of the clean stop, -1 when the file does not say; undefined without the file. */
export function readCleanShutdown(fs: FileSystem, directory: string): number | undefined {
  const bytes = readFile(fs, join(directory, CLEAN_SHUTDOWN))
  if (bytes === undefined) return undefined
  const found = /"brokerEpoch"\s*:\s*(-?\d+)/.exec(bytes.toString())
  return found === null ? -1 : Number(found[1])
}

export function writeCleanShutdown(fs: FileSystem, directory: string, brokerEpoch: number): void {
  const text = `{"version":0,"brokerEpoch":${brokerEpoch}}`
  replaceFile(fs, join(directory, CLEAN_SHUTDOWN), text)
}

/** To be called before anything is written; durable, since a marker that comes back would lie. */
export function removeCleanShutdown(fs: FileSystem, directory: string): void {
  if (removeFile(fs, join(directory, CLEAN_SHUTDOWN))) fs.syncDirectory(directory)
}

/** Java's properties as far as these files use them: comments, '=' or ':', escaped punctuation. */
function parseProperties(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue
    const found = /^([^=:\s]+)\s*[=:]?\s*(.*)$/.exec(line)
    if (found !== null) values.set(found[1]!, found[2]!.replace(/\\(.)/g, '$1'))
  }
  return values
}
