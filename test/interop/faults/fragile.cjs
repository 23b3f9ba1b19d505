// A planted fault, loaded into the broker by --require: an unreadable request ends the broker, just after
// it was logged.
const { stdout } = process
const plain = { write: stdout.write.bind(stdout) }
stdout.write = (text, ...rest) => {
  if (String(text).includes('closed: it sent')) setTimeout(() => process.exit(1), 20)
  return plain.write(text, ...rest)
}
