// Public entry of samsa/storage: reading and checking a data directory without a broker.
export type { FileHandle, FileStat, FileSystem, OpenMode } from './fs/fs.ts'
