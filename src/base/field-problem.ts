/** What is wrong with a value, field by field, made from the issues of any schema library. */
import { messageFrom } from "./errors.ts";
import { redactBeginning } from "./redact-deep.ts";
import { isSecretField, redacted } from "./secret-names.ts";
import { suggest } from "./suggest.ts";

/** The steps to a field from the value that it stands in. */
export type FieldPath = ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>;

/** One thing that is wrong with a value, as Standard Schema tells it. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: FieldPath | undefined;
}

/** One field that does not fit, and what is wrong with it. */
export interface FieldProblem {
  /** Where it stands: `addr.zip`, `tags[1]`; empty for the whole value. */
  readonly path: string;
  readonly message: string;
  /** What would have been right, where it is known apart from the message. */
  readonly expected?: string;
  /** What came instead: its type and the beginning of its JSON, with secrets redacted. */
  readonly received?: string;
}

/** So many problems of one value are told at most: hostile values have one at every place. */
export const mostProblems = 100;

/** What libraries tell beside message and path. The lists are those of Zod 4, known by its codes. */
interface KnownIssue extends SchemaIssue {
  readonly code?: unknown;
  readonly origin?: unknown;
  readonly expected?: unknown;
  readonly values?: readonly unknown[];
  readonly keys?: readonly string[];
  readonly options?: readonly unknown[];
  readonly issues?: readonly KnownIssue[];
  readonly errors?: ReadonlyArray<readonly KnownIssue[]>;
}

/** Makes problems of the issues that a schema has with a value, the first 100 of them. */
export function problemsOf(issues: readonly SchemaIssue[], value: unknown): readonly FieldProblem[] {
  return issues
    .slice(0, mostProblems)
    .flatMap((issue) => problemsIn(issue, value, []))
    .slice(0, mostProblems);
}

function problemsIn(issue: KnownIssue, value: unknown, above: FieldPath): readonly FieldProblem[] {
  const { message, expected, code, keys = [], values = [], options = [], issues = [], errors = [] } = issue;
  const path = [...above, ...(issue.path ?? [])];
  if (code === "unrecognized_keys") return keys.slice(0, mostProblems).map((key) => unknownKey([...path, key], value));
  if (code === "invalid_value") return [choiceProblem(path, value, message, values)];
  if (code === "invalid_key" && issue.origin === "record") {
    const why = issues.map((inner) => inner.message).join(", ");
    return [{ path: pathText(path), message: `${message}: ${why}`, received: shownValue(path.map(stepText).at(-1)) }];
  }
  if (code === "invalid_union") {
    if (options.length > 0) return [choiceProblem(path, value, message, options)]; // the kinds that it knows
    const nearest = nearestBranch(errors);
    if (nearest !== undefined) return nearest.flatMap((inner) => problemsIn(inner, value, path));
    const types = errors.flatMap((branch) => branch.map((inner) => inner.expected));
    const known = types.length > 0 && types.every((type) => typeof type === "string");
    return [problemAt(path, value, message, known ? types.join(" or ") : undefined)];
  }
  return [problemAt(path, value, message, typeof expected === "string" ? expected : undefined)];
}

function choiceProblem(path: FieldPath, value: unknown, message: string, choices: readonly unknown[]): FieldProblem {
  const meant = suggestion(valueAt(path, value), choices);
  return problemAt(path, value, message + meant, choices.map(literal).join(" or "));
}

/** Of the branches of a union that take the value but for its fields, the first problems of the one that has the fewest. */
function nearestBranch(branches: ReadonlyArray<readonly KnownIssue[]>): readonly KnownIssue[] | undefined {
  const [nearest] = branches
    .filter((branch) => branch.length > 0 && branch.every(({ path = [] }) => path.length > 0))
    .toSorted((a, b) => a.length - b.length);
  return nearest?.slice(0, mostProblems);
}

const literal = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : String(value));

function suggestion(wrong: unknown, names: readonly unknown[]): string {
  if (typeof wrong !== "string") return "";
  const [near] = suggest(
    wrong,
    names.filter((name) => typeof name === "string"),
    { most: 1 },
  );
  return near === undefined ? "" : ` (did you mean ${JSON.stringify(near)}?)`;
}

/** Tells of a key that has no place; `names` are those that have one. */
export function unknownKey(path: FieldPath, value: unknown, names?: readonly string[]): FieldProblem {
  const expected = names?.slice(0, 20).map(literal).join(" or ");
  return problemAt(
    path,
    value,
    `Unknown key${suggestion(path.at(-1), names ?? [])}`,
    expected === "" ? "no key" : expected,
  );
}

function problemAt(path: FieldPath, whole: unknown, message: string, expected: string | undefined): FieldProblem {
  const value = valueAt(path, whole);
  return {
    path: pathText(path),
    message,
    ...(expected === undefined ? {} : { expected: messageFrom(expected, longestShown) }),
    ...(value === elsewhere ? {} : { received: shownField(path.map(stepText), value) }),
  };
}

/** Stands for what no path of a value leads to, such as a field of what a transform made of it, or an item of a map. */
const elsewhere = Symbol("elsewhere");

function valueAt(path: FieldPath, whole: unknown): unknown {
  let value = whole;
  for (const step of path) {
    if (typeof value !== "object" || value === null || value instanceof Map || value instanceof Set) return elsewhere;
    const key = typeof step === "object" ? step.key : step;
    value = Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined; // as: the key was just found
  }
  return value;
}

const longestShown = 200;

/** A value as errors show it: its type and its JSON, on one line of at most 200 characters with secrets redacted. */
export function shownValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "number") return `number ${value}`; // JSON has no NaN
  const type = Array.isArray(value) ? "list" : typeof value;
  return messageFrom(`${type} ${JSON.stringify(redactBeginning(value, longestShown)) ?? ""}`, longestShown);
}

/** The same for a field: what stands under a name such as `password` is redacted. */
export function shownField(names: readonly string[], value: unknown): string {
  return value !== undefined && names.some(isSecretField) ? redacted : shownValue(value);
}

/** Writes a path as people do: `addr.zip`, `tags[1]`, `["odd key"].x`. Long keys are cut. */
export function pathText(path: FieldPath): string {
  let text = "";
  for (const step of path) {
    const key = stepText(step);
    if (typeof step === "number" || (typeof step === "object" && typeof step.key === "number")) text += `[${key}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(key)) text += text === "" ? key : `.${key}`;
    else text += `[${JSON.stringify(key)}]`;
  }
  return text;
}

const longestKey = 100;

function stepText(step: FieldPath[number]): string {
  const key = String(typeof step === "object" ? step.key : step);
  return key.length > longestKey ? `${key.slice(0, longestKey - 1)}…` : key;
}

/** Options of {@link problemsText}. */
interface ProblemsTextOptions {
  /** How many are told at most; 5 unless told. */
  readonly most?: number;
  /** Also tells what was expected and what came, as far as the messages do not. */
  readonly values?: boolean;
}

/** Writes problems as one phrase: "`a`: Invalid input: …; `b`: …", the first of them. */
export function problemsText(problems: readonly FieldProblem[], options: ProblemsTextOptions = {}): string {
  const { most = 5, values = false } = options;
  const told = problems.slice(0, most).map((problem) => {
    const text = values ? withValues(problem) : problem.message;
    return problem.path === "" ? text : `\`${problem.path}\`: ${text}`;
  });
  if (problems.length > most) told.push(`and ${problems.length - most} more`);
  return told.join("; ");
}

/** A message often names what was expected, and the type of what came: the value itself says more. */
function withValues({ message, expected, received }: FieldProblem): string {
  const told = [received === undefined ? message : message.replace(/, received [\w ]{1,30}$/, "")];
  if (expected !== undefined && !/\bexpected\b/i.test(message)) told.push(`expected ${expected}`);
  if (received !== undefined) told.push(`received ${received}`);
  return told.join(", ");
}
