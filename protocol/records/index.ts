// Records: the part of a Produce and a Fetch that stays bytes. Everything that the layers above use.
export * from './batch.ts'
export { crc32c } from './crc32c.ts'
