/** Writes a word for the shell, so that a printed command can be copied whatever signs the word has. */
export const shellQuoted = (text: string): string =>
  /^[\w@%+=:,./#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
