// A planted fault, loaded into the broker by --require: every answer leaves two milliseconds late.
const { prototype } = require('node:net').Socket
const plain = { write: prototype['write'] }
prototype.write = function (...args) {
  setTimeout(() => plain.write.apply(this, args), 2)
  return true
}
