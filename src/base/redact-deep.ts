import { redact } from "./redact.ts";
import { isSecretField, redacted } from "./secret-names.ts";

/** Deeper data is cut off: as deep as JSON from outside may be. */
const deepest = 200;

/** Stands for the rest of what is cut. */
const cut = "…";

/**
 * Replaces the secrets in all texts of plain data, and whole values under names like `apiKey`. Data without secrets is
 * given back as it is, not copied. What JSON cannot hold becomes what comes nearest to it: errors their name and
 * message, dates and bigints texts, maps objects, sets lists; functions are dropped. Never throws.
 */
export function redactDeep(value: unknown): unknown {
  return walk(value, { above: [], left: Number.POSITIVE_INFINITY });
}

/**
 * The same for the beginning of data, which takes no longer when there is more of it: lists and objects end with `…` where so many
 * characters have been told. Texts are whole, so that no piece of a secret is left.
 */
export function redactBeginning(value: unknown, characters: number): unknown {
  return walk(value, { above: [], left: characters });
}

/** How far a walk has come. */
interface Walk {
  /** The objects that a value stands in. */
  readonly above: object[];
  /** How many characters may still be told; each value counts as one at least. */
  left: number;
}

function walk(value: unknown, at: Walk): unknown {
  at.left--;
  switch (typeof value) {
    case "string":
      return walkText(value, at);
    case "number":
      return Number.isFinite(value) ? value : null;
    case "boolean":
      return value;
    case "bigint":
      return String(value);
    case "object":
      return value === null ? null : walkObject(value, at);
    default:
      return undefined;
  }
}

function walkText(text: string, at: Walk): string {
  const clean = redact(text);
  at.left -= clean.length;
  return clean;
}

function walkObject(value: object, at: Walk): unknown {
  const { above } = at;
  if (above.includes(value)) return "[circular]";
  if (above.length >= deepest) return "[too deep]";
  above.push(value);
  try {
    if (Array.isArray(value)) return walkList(value, at);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return walkFields(value, at);
    return walkInstance(value, at);
  } catch {
    return "[unreadable]"; // a getter or proxy that throws must not break the report that it stands in
  } finally {
    above.pop();
  }
}

function walkList(list: readonly unknown[], at: Walk): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    if (at.left <= 0) return [...(copy ?? list.slice(0, index)), cut];
    const clean = isBehindOption(list, index) ? redacted : (walk(list[index], at) ?? null);
    if (copy === undefined && clean !== list[index]) copy = list.slice(0, index);
    copy?.push(clean);
  }
  return copy ?? list;
}

/** Whether an item is what follows `--password` in the arguments of a program. */
function isBehindOption(list: readonly unknown[], index: number): boolean {
  const [before, item] = [list[index - 1], list[index]];
  if (typeof before !== "string" || typeof item !== "string" || item === "" || item.startsWith("-")) return false;
  return /^--[\w-]{1,60}$/.test(before) && isSecretField(before);
}

function walkFields(value: object, at: Walk): unknown {
  const fields = value as Readonly<Record<string, unknown>>; // as: any object may be asked for its own keys
  const names = Object.keys(fields);
  let copy: [string, unknown][] | undefined;
  for (const [index, name] of names.entries()) {
    if (at.left <= 0) {
      copy ??= fieldsOf(fields, names.slice(0, index));
      copy.push([cut, cut]);
      break;
    }
    const inner = fields[name];
    const clean = name === "value" && isLabelled(fields) ? redacted : walkField(name, inner, at);
    const cleanName = name.length < shortestSecret ? name : redact(name);
    if (copy === undefined && (clean !== inner || clean === undefined || cleanName !== name)) {
      copy = fieldsOf(fields, names.slice(0, index));
    }
    if (clean === undefined) continue;
    copy?.push([cleanName, clean]);
    at.left -= cleanName.length;
  }
  return copy === undefined ? value : Object.fromEntries(copy); // keeps `__proto__` a key like others
}

const fieldsOf = (fields: Readonly<Record<string, unknown>>, names: readonly string[]): [string, unknown][] =>
  names.map((name) => [name, fields[name]]);

/** Shorter names of fields cannot hold a secret. */
const shortestSecret = 8;

/** Whether an object is a field with its name: `{ name: "Authorization", value: "…" }`. */
function isLabelled({ name, key, value }: Readonly<Record<string, unknown>>): boolean {
  const labels = [name, key];
  return (
    typeof value === "string" &&
    value !== "" &&
    labels.some((label) => typeof label === "string" && isSecretField(label))
  );
}

function walkField(name: string, value: unknown, at: Walk): unknown {
  const isTold = typeof value === "string" ? value !== "" : typeof value === "object" && value !== null;
  if (isTold && isSecretField(name)) return redacted;
  // The number under "token" counts tokens; the one under "password" is a password.
  if (typeof value === "number" && isSecretField(name) && !/token$/i.test(name)) return redacted;
  return walk(value, at);
}

function walkInstance(value: object, at: Walk): unknown {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if ("toJSON" in value && typeof value.toJSON === "function") return walk(value.toJSON(), at);
  if (value instanceof Error) return walk({ name: String(value.name), message: String(value.message) }, at);
  if (value instanceof Map) return walkMap(value, at);
  if (value instanceof Set) return walk(firstOf(value, at), at);
  if (value instanceof RegExp) return redact(String(value));
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return walk(value.valueOf(), at);
  return walk({ ...value }, at); // a plain object of what JSON would write
}

function walkMap(map: ReadonlyMap<unknown, unknown>, at: Walk): unknown {
  const entries = firstOf(map, at);
  const areNamed = entries.every(([key]) => typeof key !== "object" && typeof key !== "function");
  return walk(areNamed ? Object.fromEntries(entries.map(([key, inner]) => [String(key), inner])) : entries, at);
}

/** As many items as may still be told, and one more for the walk to see that there are others. */
function firstOf<Item>(items: Iterable<Item>, { left }: Walk): readonly Item[] {
  const first: Item[] = [];
  for (const item of items) {
    first.push(item);
    if (first.length > left) break;
  }
  return first;
}
