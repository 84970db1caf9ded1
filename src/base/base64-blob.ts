/** What belongs to base64 that is too long for a key: images, files, certificates. Line ends may be escaped. */
const stretch = /^(?=[\s\S]*[A-Z])(?=[\s\S]*[a-z])(?=[\s\S]*\d)[A-Za-z0-9+/=\\\r\n]{100}$/;

/** Tells whether a place in a text lies inside such data, which holds anything by chance. */
export const isInBlob = (text: string, from: number, to: number): boolean =>
  stretch.test(text.slice(Math.max(0, from - 100), from)) || stretch.test(text.slice(to, to + 100));
