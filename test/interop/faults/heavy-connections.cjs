// A planted fault, loaded into the broker by --require: every connection holds 0.3 MB, and costs CPU all
// the time.
const net = require('node:net')
const { prototype } = net.Server
const plain = { emit: prototype['emit'] }
prototype.emit = function (event, ...rest) {
  if (event === 'connection') {
    const held = Buffer.alloc(300_000, 1)
    const timer = setInterval(() => held.fill(held[0] + 1), 100)
    // The handle, because the broker moves it to another socket.
    const handle = rest[0]['_handle']
    const close = handle.close
    handle.close = function (...args) {
      clearInterval(timer)
      return close.apply(this, args)
    }
  }
  return plain.emit.call(this, event, ...rest)
}
