/** A sentence that the compiler prints where a type does not fit; no value has this type. */
export interface Problem<Sentence extends string> {
  readonly problem: Sentence;
}
