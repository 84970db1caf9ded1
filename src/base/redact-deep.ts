import { redact } from "./redact.ts";
import { isSecretField, redacted } from "./secret-names.ts";

/** Deeper data is cut off: as deep as JSON from outside may be. */
const deepest = 200;

/**
 * Replaces the secrets in all texts of plain data, and whole values under names like `apiKey`. Data without secrets is
 * given back as it is, not copied. What JSON cannot hold becomes what comes nearest to it: errors their name and
 * message, dates and bigints texts, maps objects, sets lists; functions are dropped. Never throws.
 */
export function redactDeep(value: unknown): unknown {
  return walk(value, []);
}

/** `above` holds the objects that a value stands in. */
function walk(value: unknown, above: object[]): unknown {
  switch (typeof value) {
    case "string":
      return redact(value);
    case "number":
      return Number.isFinite(value) ? value : null;
    case "boolean":
      return value;
    case "bigint":
      return String(value);
    case "object":
      return value === null ? null : walkObject(value, above);
    default:
      return undefined;
  }
}

function walkObject(value: object, above: object[]): unknown {
  if (above.includes(value)) return "[circular]";
  if (above.length >= deepest) return "[too deep]";
  above.push(value);
  try {
    if (Array.isArray(value)) return walkList(value, above);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return walkFields(value, above);
    return walkInstance(value, above);
  } catch {
    return "[unreadable]"; // a getter or proxy that throws must not break the report that it stands in
  } finally {
    above.pop();
  }
}

function walkList(list: readonly unknown[], above: object[]): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const clean = isBehindOption(list, index) ? redacted : (walk(list[index], above) ?? null);
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

function walkFields(value: object, above: object[]): unknown {
  const fields = value as Readonly<Record<string, unknown>>; // as: any object may be asked for its own keys
  const names = Object.keys(fields);
  let copy: (readonly [string, unknown])[] | undefined;
  for (const [index, name] of names.entries()) {
    const inner = fields[name];
    const clean = name === "value" && isLabelled(fields) ? redacted : walkField(name, inner, above);
    const cleanName = name.length < shortestSecret ? name : redact(name);
    if (copy === undefined && (clean !== inner || clean === undefined || cleanName !== name)) {
      copy = names.slice(0, index).map((before) => [before, fields[before]]);
    }
    if (clean !== undefined) copy?.push([cleanName, clean]);
  }
  return copy === undefined ? value : Object.fromEntries(copy); // keeps `__proto__` a key like others
}

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

function walkField(name: string, value: unknown, above: object[]): unknown {
  const isTold = typeof value === "string" ? value !== "" : typeof value === "object" && value !== null;
  if (isTold && isSecretField(name)) return redacted;
  // The number under "token" counts tokens; the one under "password" is a password.
  if (typeof value === "number" && isSecretField(name) && !/token$/i.test(name)) return redacted;
  return walk(value, above);
}

function walkInstance(value: object, above: object[]): unknown {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if ("toJSON" in value && typeof value.toJSON === "function") return walk(value.toJSON(), above);
  if (value instanceof Error) return walk({ name: String(value.name), message: String(value.message) }, above);
  if (value instanceof Map) return walkMap(value, above);
  if (value instanceof Set) return walk([...value], above);
  if (value instanceof RegExp) return redact(String(value));
  if (value instanceof String || value instanceof Number || value instanceof Boolean)
    return walk(value.valueOf(), above);
  return walk({ ...value }, above); // a plain object of what JSON would write
}

function walkMap(map: ReadonlyMap<unknown, unknown>, above: object[]): unknown {
  const entries = [...map];
  const areNamed = entries.every(([key]) => typeof key !== "object" && typeof key !== "function");
  return walk(areNamed ? Object.fromEntries(entries.map(([key, inner]) => [String(key), inner])) : entries, above);
}
