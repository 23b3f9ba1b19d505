// A planted fault, loaded into the broker by --require: every write of answers costs 0.2 ms of CPU.
const { prototype } = require('node:net').Socket
const plain = { write: prototype['write'] }
prototype.write = function (...args) {
  const end = process.hrtime.bigint() + 200_000n
  while (process.hrtime.bigint() < end);
  return plain.write.apply(this, args)
}
