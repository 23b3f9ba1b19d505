// The contract of every stateful part (docs/architecture.md, decision 2): a machine over its own
// log. `decide` and `apply` are synchronous and deterministic. `decide` reads hard state and may
// write soft state, nothing else; only `apply` writes hard state, and replaying the log gives it
// back. Effects are data that the host carries out.

/** What the outside waits for: the host holds it until the records its decide saw are committed. */
export type Effect<Token, Reply> =
  | { readonly kind: 'answer'; readonly token: Token; readonly reply: Reply }
  /** (Re)arms the timer `key` for monotonic time `at`; it comes back as input { kind: 'timer' }. */
  | { readonly kind: 'timer'; readonly key: string; readonly at: number }
  | { readonly kind: 'cancel'; readonly key: string }

export interface Surroundings<Image> {
  /** Wall time (milliseconds): what may be written into records. */
  readonly now: number
  /** Monotonic time (milliseconds): what sessions and timers count. */
  readonly monotonic: number
  readonly random: { uint32(): number; float(): number; bytes(length: number): Uint8Array }
  readonly image: Image
}

export interface Decision<RecordType, Token, Reply> {
  readonly records: readonly RecordType[]
  readonly effects: readonly Effect<Token, Reply>[]
}

export interface Machine<State, Input, RecordType, Token, Reply, Image> {
  readonly name: string
  create(): State
  decide(
    state: State,
    input: Input | { readonly kind: 'timer'; readonly key: string } | { readonly kind: 'loaded' },
    around: Surroundings<Image>,
  ): Decision<RecordType, Token, Reply>
  /** `offset` is the record's own offset in the machine's log. */
  apply(state: State, record: RecordType, offset: number): void
}
