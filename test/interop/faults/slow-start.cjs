// A planted fault, loaded into the broker by --require: it takes 0.7 s longer to start.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700)
