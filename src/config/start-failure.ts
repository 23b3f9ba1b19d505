// Why a start cannot go on, as one sentence for the person at the terminal. Everything that can
// fail for a reason outside Samsa (a value, a port, a directory) ends as one of these; the CLI
// prints the sentence and exits with the code. A stack trace means a bug.

/** Exit code of a wrong configuration or command line. */
export const EXIT_USAGE = 2
/** Exit code of a start or command that failed for another reason. */
export const EXIT_FAILURE = 1

export class StartFailure extends Error {
  override readonly name = 'StartFailure'
  readonly sentence: string
  readonly exitCode: number

  constructor(sentence: string, exitCode: number = EXIT_FAILURE, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause })
    this.sentence = sentence
    this.exitCode = exitCode
  }
}

export function usageFailure(sentence: string): StartFailure {
  return new StartFailure(sentence, EXIT_USAGE)
}
