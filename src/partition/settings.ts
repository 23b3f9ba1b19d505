// What a partition needs to know of its topic's configuration, as numbers and booleans. Derived
// from the effective topic configuration by the composition root; changes apply to the next append.
export interface PartitionSettings {
  readonly maxMessageBytes: number
  readonly compacted: boolean
  /** cleanup.policy has `delete`: records may be deleted by request. */
  readonly deletes: boolean
  readonly logAppendTime: boolean
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  /** 0-4, or -1 for `producer`: keep what the producer chose. */
  readonly targetCodec: number
  readonly minInsyncReplicas: number
  readonly segmentBytes: number
  /** false: the header and the checksum of a batch are checked, its records are not walked. */
  readonly validateRecords: boolean
  /** Most bytes that one batch may decompress to. */
  readonly decompressedMaxBytes: number
}
