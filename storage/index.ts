// Public entry of samsa/storage: reading and checking a data directory without a broker.
export type { FileHandle, FileStat, FileSystem, OpenMode } from './fs/fs.ts'
export { nodeFileSystem } from './fs/node-fs.ts'
export { Log, type LogOptions } from './log.ts'
export { LogFailure, type LogReport } from './log-failure.ts'
export type { LogSlice, ReadOptions } from './log-slice.ts'
export type { LogLimits } from './segment.ts'
export { TailCache } from './tail-cache.ts'
