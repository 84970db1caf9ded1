import { type JsonValue, parseJson } from "../base/index.ts";

/** Deeper nesting is refused, as `parseJson` does. */
const deepest = 200;
/** How much is read in all, in lengths of the text: hostile text holds many brackets that begin nothing. */
const mostPasses = 4;
/** What the parser refuses costs as much as so many characters, because an error is made for it. */
const refusalCost = 100;
/** Short texts may hold this many refusals too. */
const fewRefusals = 100;

/**
 * Finds the first object or list in a text from which JSON decodes and that fits, or else the first that does not; what
 * stands within one is not looked at, and what follows is ignored.
 */
export function findJson(text: string, fits: (value: JsonValue) => boolean): JsonValue | undefined {
  let other: JsonValue | undefined;
  let left = text.length * mostPasses + fewRefusals * refusalCost;
  for (let start = nextOpening(text, 0); start !== -1 && left > 0; ) {
    const { end, whole } = scanValue(text, start);
    const parsed = whole ? parseJson(text.slice(start, end)) : undefined;
    left -= end - start + (parsed?.ok === false ? refusalCost : 0);
    if (parsed?.ok) {
      if (fits(parsed.value)) return parsed.value;
      other ??= parsed.value;
    }
    start = nextOpening(text, parsed?.ok ? end : start + 1);
  }
  return other;
}

function nextOpening(text: string, from: number): number {
  for (let index = from; index < text.length; index++) if (text[index] === "{" || text[index] === "[") return index;
  return -1;
}

/** What the grammar allows next: a value, a key, `:`, or `,` and the closing bracket. */
type Expected = "value" | "value or close" | "key" | "key or close" | "colon" | "comma or close";

/** Reads an object or list from its opening bracket on, and stops at the first character that JSON does not allow there. */
function scanValue(text: string, start: number): { readonly end: number; readonly whole: boolean } {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  for (let index = start; index < text.length; index++) {
    const char = text[index] as string; // as: index is below the length
    if (char === " " || char === "\n" || char === "\t" || char === "\r") continue;
    const mayBeValue: boolean = expected === "value" || expected === "value or close";
    if ((char === "{" || char === "[") && mayBeValue && open.length < deepest) {
      open.push(char);
      expected = char === "{" ? "key or close" : "value or close";
    } else if (char === (open.at(-1) === "{" ? "}" : "]") && expected.endsWith("or close")) {
      open.pop();
      if (open.length === 0) return { end: index + 1, whole: true };
      expected = "comma or close";
    } else if (char === "," && expected === "comma or close") {
      expected = open.at(-1) === "{" ? "key" : "value";
    } else if (char === ":" && expected === "colon") {
      expected = "value";
    } else if (char === '"' && (mayBeValue || expected.startsWith("key"))) {
      index = endOfString(text, index);
      expected = mayBeValue ? "comma or close" : "colon";
    } else if (mayBeValue && /[-\dtfn]/.test(char)) {
      index = endOfWord(text, index);
      expected = "comma or close";
    } else {
      return { end: index + 1, whole: false };
    }
  }
  return { end: text.length, whole: false };
}

/** Where the closing quote of a string stands. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === '"') return index;
  }
  return text.length;
}

/** Where the last character of a number or of `true`, `false`, `null` stands; whether it is right is for the parser. */
function endOfWord(text: string, start: number): number {
  let index = start;
  while (index + 1 < text.length && /[\w+.-]/.test(text[index + 1] as string)) index++; // as: the index is below the length
  return index;
}
