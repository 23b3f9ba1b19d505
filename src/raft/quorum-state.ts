// The quorum-state file: which epoch this node knows, who leads it and whom it voted for. JSON, as
// Apache Kafka writes it; replaced as a whole before anything is said or written in a new epoch.
import { type Uuid, ZERO_UUID } from '../../base/uuid.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { join } from '../../storage/fs/path.ts'
import { readFile, replaceFile } from '../../storage/fs/whole-file.ts'

export const QUORUM_STATE = 'quorum-state'

export interface QuorumState {
  /** -1: unknown. */
  readonly leaderId: number
  readonly leaderEpoch: number
  /** -1: nobody. */
  readonly votedId: number
  readonly votedDirectoryId: Uuid
  /** With kraft.version 0: the ids that the file lists. */
  readonly staticVoters?: readonly number[]
}

/** undefined when the file is not there; 'garbled' when it holds something else. */
export function readQuorumState(
  fs: FileSystem,
  directory: string,
): QuorumState | 'garbled' | undefined {
  const bytes = readFile(fs, join(directory, QUORUM_STATE))
  if (bytes === undefined) return undefined
  let json: unknown
  try {
    json = JSON.parse(bytes.toString())
  } catch (error) {
    if (error instanceof SyntaxError) return 'garbled'
    throw error
  }
  if (typeof json !== 'object' || json === null) return 'garbled'
  const { leaderId, leaderEpoch, votedId, votedDirectoryId, currentVoters } = json as FileContent
  if (!Number.isSafeInteger(leaderId) || !Number.isSafeInteger(leaderEpoch)) return 'garbled'
  return {
    leaderId: leaderId!,
    leaderEpoch: leaderEpoch!,
    votedId: votedId ?? -1,
    votedDirectoryId: votedDirectoryId ?? ZERO_UUID,
    ...(Array.isArray(currentVoters) && {
      staticVoters: currentVoters.map(({ voterId }) => voterId),
    }),
  }
}

interface FileContent extends Partial<QuorumState> {
  readonly currentVoters?: readonly { readonly voterId: number }[] | null
}

/** `staticVoters`: with kraft.version 0, where the file lists them (data_version 0). */
export function writeQuorumState(
  fs: FileSystem,
  directory: string,
  state: QuorumState,
  staticVoters: readonly number[] | undefined,
): void {
  const { leaderId, leaderEpoch, votedId, votedDirectoryId } = state
  const json =
    staticVoters === undefined
      ? { leaderId, leaderEpoch, votedId, votedDirectoryId, data_version: 1 }
      : {
          clusterId: '',
          leaderId,
          leaderEpoch,
          votedId,
          appliedOffset: 0,
          currentVoters: staticVoters.map((voterId) => ({ voterId })),
          data_version: 0,
        }
  replaceFile(fs, join(directory, QUORUM_STATE), JSON.stringify(json))
}
