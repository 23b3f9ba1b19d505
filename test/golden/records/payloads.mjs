// The payloads inside frames.json, by name.
export function payloads() {
  let state = 12345
  const next = (below) => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 8) % below
  const words = 'the log is an append only totally ordered sequence of records ordered by time'.split(' ')
  let text = ''
  while (text.length < 140_000) {
    const line = text.length
    for (let i = 0; i < 9; i++) text += `${words[(next(9) === 0 ? next(words.length) : i + (line >> 11)) % words.length]} `
    text += `${next(100)}\n`
  }
  const noise = Buffer.alloc(700)
  for (let i = 0; i < noise.length; i++) noise[i] = next(256)
  return {
    'nothing': Buffer.alloc(0),
    'one byte': Buffer.from('x'),
    'noise': noise,
    'one byte, many times': Buffer.alloc(300_000, 0x41),
    'text': Buffer.from(text),
  }
}
