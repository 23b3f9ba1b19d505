// node-rdkafka's callbacks as promises, and clients that are closed after one use.

/** Calls `start` with a callback (error, value) and resolves with the value. */
export function called(start) {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) reject(error)
      else resolve(value)
    })
  })
}

export async function connected(client, use) {
  await called((done) => client.connect({ timeout: 10_000 }, done))
  try {
    return await use(client)
  } finally {
    await called((done) => client.disconnect(done))
  }
}
