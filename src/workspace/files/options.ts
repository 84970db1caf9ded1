/** What all file tools share. */
export interface FileToolOptions {
  /** What models may put before every path, such as `/workspace`; taken off. */
  readonly prefix?: string | undefined;
}
