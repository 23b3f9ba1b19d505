// Waits for several answers that come in any order, now or later, and gives them on in the order of
// the questions.

export type Question<Answer> = (answered: (answer: Answer) => void) => void

/** `all` is called once: at once for no questions, else when the last answer is there. */
export function gather<Answer>(
  questions: readonly Question<Answer>[],
  all: (answers: readonly Answer[]) => void,
): void {
  const answers: Answer[] = []
  let open = questions.length
  if (open === 0) return all([])
  questions.forEach((ask, i) =>
    ask((answer) => {
      answers[i] = answer
      if (--open === 0) all(answers)
    }),
  )
}
