/** What belongs to base64 that is too long for a key: images, files, certificates. Line ends may be escaped. */
const stretch = /^(?=[\s\S]*[A-Z])(?=[\s\S]*[a-z])(?=[\s\S]*\d)[A-Za-z0-9+/=\\\r\n]{100}$/;

/** Ends with what data goes on with: the end of a line does not, also where it is escaped. */
const gluedEnd = /(?<!\\[nr])(?<=[A-Za-z0-9+/])$/;
const gluedStart = /^[A-Za-z0-9+/]/;

/**
 * Tells whether a place in a text lies inside such data, which holds anything by chance. What has a line for itself does
 * not: keys in a list would hide each other.
 */
export function isInBlob(text: string, from: number, to: number): boolean {
  const [before, after] = [text.slice(Math.max(0, from - 100), from), text.slice(to, to + 100)];
  return (gluedEnd.test(before) || gluedStart.test(after)) && (stretch.test(before) || stretch.test(after));
}
