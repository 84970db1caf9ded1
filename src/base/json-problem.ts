/**
 * Says in our own words where a text stops being JSON. `JSON.parse` quotes what stands there, cut: a piece of a secret would be known
 * as one no more.
 */

/**
 * What is wrong with a text that is no JSON: the place, counted from 1, and one character at most. Without `tellsLine` the place is
 * the column alone, for a text of one line that is itself told by its number.
 */
export function jsonProblem(text: string, tellsLine = true): string {
  const at = brokenAt(text);
  const before = text.slice(0, at);
  const column = `column ${at - before.lastIndexOf("\n")}`;
  const place = tellsLine ? `line ${before.split("\n").length}, ${column}` : column;
  const code = text.codePointAt(at);
  const what = code === undefined ? "end of" : `${JSON.stringify(String.fromCodePoint(code))} in`;
  return `unexpected ${what} JSON at ${place}`;
}

/** Where the first character stands with which no JSON could go on; the text's length when it is only too short. */
function brokenAt(text: string): number {
  let at = 0;
  /** Goes past a match that begins here, and tells whether there was one. */
  const past = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const pastBlanks = (): boolean => past(/[ \t\n\r]*/y);
  const pastString = (): boolean => {
    if (!past(/"/y)) return false;
    do past(/[ !#-[\]-\uffff]*/y);
    while (past(/\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y));
    return past(/"/y) || (past(/\\(?:u[\da-fA-F]{0,3})?/y) && false);
  };
  const pastNumber = (): boolean =>
    past(/-?/y) && past(/0|[1-9]\d*/y) && (!past(/\./y) || past(/\d+/y)) && (!past(/[eE][+-]?/y) || past(/\d+/y));
  const pastWord = (): boolean => past(/true|false|null/y) || (past(/t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?/y) && false);

  const open: string[] = []; // what closes each level: the depth is what may be hostile
  for (let isFresh = false; ; ) {
    pastBlanks();
    if (!isFresh || text[at] !== open.at(-1)) {
      if (open.at(-1) === "}" && !(pastString() && pastBlanks() && past(/:/y) && pastBlanks())) return at;
      isFresh = text[at] === "{" || text[at] === "[";
      if (isFresh) {
        open.push(text[at++] === "{" ? "}" : "]");
        continue;
      }
      const first = text[at] ?? "";
      if (!(first === '"' ? pastString() : /[tfn]/.test(first) ? pastWord() : pastNumber())) return at;
    }
    isFresh = false;
    pastBlanks();
    while (open.length > 0 && text[at] === open.at(-1)) {
      open.pop();
      at++;
      pastBlanks();
    }
    if (open.length === 0 || !past(/,/y)) return at;
  }
}
