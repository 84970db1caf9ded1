/** An entry of the journal of a run. */
export interface JournalPlace {
  readonly run: string;
  /** Its number in the journal. */
  readonly sequence: number;
}
