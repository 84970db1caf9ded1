/** The dialect of globs as its definition says it, tried in every way there is. A segment is a list of its parts. */

/** Whether a path fits segments, of which `**` stands alone. */
export function fitsPath(segments: readonly (readonly string[])[], path: readonly string[]): boolean {
  const [first, ...rest] = segments;
  const [name, ...below] = path;
  if (first === undefined) return name === undefined;
  if (first[0] !== "**") return name !== undefined && fitsName(first, name) && fitsPath(rest, below);
  if (rest.length === 0) return name !== undefined;
  return fitsPath(rest, path) || (name !== undefined && fitsPath(segments, below));
}

/** Whether a name fits the parts of a segment. */
function fitsName(parts: readonly string[], name: string): boolean {
  const [first, ...rest] = parts;
  if (first === undefined) return name === "";
  if (first === "*") return fitsName(rest, name) || (name !== "" && fitsName(parts, name.slice(1)));
  if (name === "") return false;
  const fits =
    first === "?" ||
    (first.startsWith("[") ? new RegExp(first.replace("!", "^")).test(name.charAt(0)) : first === name.charAt(0));
  return fits && fitsName(rest, name.slice(1));
}
