/** Writes a path for the shell, so that a printed command can be copied whatever signs the path has. */
export function shellQuoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  // invisible signs would act on the terminal that shows them: POSIX writes them as numbers in $'…'
  if (/\p{C}/u.test(text)) return `$'${text.replace(/[\\']/g, "\\$&").replace(/\p{C}/gu, octal)}'`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const octal = (sign: string): string =>
  [...Buffer.from(sign)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
