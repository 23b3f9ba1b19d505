// A planted fault, loaded into the broker by --require: it holds 300 MB that nobody asked for.
globalThis.hoard = Buffer.alloc(300 << 20, 1)
