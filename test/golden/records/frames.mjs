// Writes frames.json: compressed frames made by the reference command line tools (lz4 1.9.4, zstd
// 1.5.4, gzip), in the variants that no Kafka client of ours produces. Run once:
// node test/golden/records/frames.mjs > test/golden/records/frames.json
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { payloads } from './payloads.mjs'

const variants = [
  [1, 'gzip -9', 'gzip', ['-9', '-c', '-n']],
  [3, 'lz4 default', 'lz4', ['-1', '-c', '-q']],
  [3, 'lz4 linked 64 KB blocks', 'lz4', ['-1', '-c', '-q', '-B4', '-BD']],
  [3, 'lz4 linked blocks with checksums', 'lz4', ['-9', '-c', '-q', '-B4', '-BD', '-BX']],
  [3, 'lz4 4 MB blocks, content size, no checksum', 'lz4', ['-c', '-q', '-B7', '--content-size', '--no-frame-crc']],
  [4, 'zstd fastest', 'zstd', ['--fast=5', '-c', '-q']],
  [4, 'zstd default', 'zstd', ['-3', '-c', '-q']],
  [4, 'zstd best, long window', 'zstd', ['--ultra', '-22', '--long=27', '-c', '-q']],
  [4, 'zstd without checksum', 'zstd', ['-3', '--no-check', '-c', '-q']],
]
const frames = []
for (const [name, payload] of Object.entries(payloads())) {
  const sha256 = createHash('sha256').update(payload).digest('hex')
  for (const [codec, variant, command, args] of variants) {
    const bytes = execFileSync(command, args, { input: payload, maxBuffer: 1e8 })
    frames.push({ name: `${variant}, ${name}`, codec, length: payload.length, sha256, bytes: bytes.toString('base64') })
  }
}
console.log('[\n' + frames.map((frame) => JSON.stringify(frame)).join(',\n') + '\n]')
