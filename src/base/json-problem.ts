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

// A long text has millions of tokens: each is met by as few expressions as can be.
const blanks = /[ \t\n\r]*/y;
const plainText = /[ !#-[\]-\uffff]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const partOfEscape = /\\(?:u[\da-fA-F]{0,3})?/y;
/** A number as far as it goes; whole when its last character is a digit. */
const partOfNumber = /-?(?:(?:0|[1-9]\d*)(?:\.(?:\d+(?:[eE][+-]?\d*)?)?|[eE][+-]?\d*)?)?/y;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const word = /true|false|null/y;
const partOfWord = /t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?/y;

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
  const pastOne = (character: string): boolean => {
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const pastBlanks = (): boolean => text.charCodeAt(at) > 0x20 || past(blanks);
  const pastString = (): boolean => {
    if (!pastOne('"')) return false;
    do past(plainText);
    while (text[at] === "\\" && past(escaped));
    return pastOne('"') || (past(partOfEscape) && false);
  };
  const pastNumber = (): boolean => past(partOfNumber) && isDigit(text.charCodeAt(at - 1));
  const pastWord = (): boolean => past(word) || (past(partOfWord) && false);

  const open: string[] = []; // what closes each level: the depth is what may be hostile
  for (let isFresh = false; ; ) {
    pastBlanks();
    if (!isFresh || text[at] !== open.at(-1)) {
      if (open.at(-1) === "}" && !(pastString() && pastBlanks() && pastOne(":") && pastBlanks())) return at;
      isFresh = text[at] === "{" || text[at] === "[";
      if (isFresh) {
        open.push(text[at++] === "{" ? "}" : "]");
        continue;
      }
      const first = text[at];
      const isWord = first === "t" || first === "f" || first === "n";
      if (!(first === '"' ? pastString() : isWord ? pastWord() : pastNumber())) return at;
    }
    isFresh = false;
    pastBlanks();
    while (open.length > 0 && text[at] === open.at(-1)) {
      open.pop();
      at++;
      pastBlanks();
    }
    if (open.length === 0 || !pastOne(",")) return at;
  }
}
