/** What is wrong with a value, field by field, made from the issues of any schema library. */
import { messageFrom } from "./errors.ts";
import { suggest } from "./suggest.ts";

/** The steps to a field from the value that it stands in. */
export type FieldPath = ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>;

/** One thing that is wrong with a value, as Standard Schema tells it. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: FieldPath | undefined;
}

/** One field that does not fit: its path (`items[2].title`, empty for the whole value) and what is wrong with it. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
  /** What would have been right, where it is known apart from the message. */
  readonly expected?: string;
  /** What came instead: its type and the beginning of its JSON, with secrets redacted. */
  readonly received?: string;
}

/** So many problems of one value are told at most: hostile values have one at every place. */
export const mostProblems = 100;

/** What libraries tell beside message and path: Zod 4 all of it, others `expected` at most. */
interface KnownIssue extends SchemaIssue {
  readonly code?: unknown;
  readonly expected?: unknown;
  readonly values?: readonly unknown[];
  readonly keys?: readonly string[];
  readonly errors?: ReadonlyArray<readonly KnownIssue[]>;
}

/** Makes problems of the issues that a schema has with a value, the first {@link mostProblems} of them. */
export function problemsOf(issues: readonly SchemaIssue[], value: unknown): readonly FieldProblem[] {
  const known: readonly KnownIssue[] = issues.slice(0, mostProblems);
  return known.flatMap((issue) => problemsIn(issue, value, [])).slice(0, mostProblems);
}

/** For a union that fails: the problems of the branch with the fewest, when there is one that takes the value but for its fields. */
function problemsIn(issue: KnownIssue, value: unknown, above: FieldPath): readonly FieldProblem[] {
  const path = [...above, ...(issue.path ?? [])];
  if (issue.code === "unrecognized_keys" && issue.keys !== undefined) {
    return issue.keys.slice(0, mostProblems).map((key) => unknownKey([...path, key], value));
  }
  const [nearest] = (issue.errors ?? [])
    .filter((branch) => branch.every((inner) => (inner.path ?? []).length > 0))
    .toSorted((a, b) => a.length - b.length);
  if (nearest !== undefined) return nearest.flatMap((inner) => problemsIn(inner, value, path));
  return [problemAt(path, value, issue.message, expectedBy(issue))];
}

function expectedBy({ expected, values, errors = [] }: KnownIssue): string | undefined {
  if (typeof expected === "string") return expected;
  const choices = values?.map((value) => (typeof value === "string" ? JSON.stringify(value) : String(value)));
  const all = new Set(choices ?? errors.flatMap((branch) => branch.map(expectedBy)));
  return all.size === 0 || all.has(undefined) ? undefined : [...all].join(" or ");
}

/** Tells of a key that has no place; `names` are those that have one. */
export function unknownKey(path: FieldPath, value: unknown, names?: readonly string[]): FieldProblem {
  const [near] = suggest(stepText(path.at(-1) ?? ""), names ?? [], { most: 1 });
  const message = near === undefined ? "Unknown key" : `Unknown key (did you mean ${JSON.stringify(near)}?)`;
  const quoted = names?.slice(0, 20).map((name) => JSON.stringify(name));
  return problemAt(path, value, message, quoted?.length === 0 ? "no key" : quoted?.join(" or "));
}

function problemAt(path: FieldPath, value: unknown, message: string, expected: string | undefined): FieldProblem {
  const received = receivedAt(path, value);
  return {
    path: pathText(path),
    message,
    ...(expected === undefined ? {} : { expected: messageFrom(expected, longestShown) }),
    ...(received === undefined ? {} : { received }),
  };
}

/** What stands at a path; undefined when the path leads elsewhere, such as into what a transform made. */
function receivedAt(path: FieldPath, value: unknown): string | undefined {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    const key = typeof step === "object" ? step.key : step;
    here = Object.hasOwn(here, key) ? (here as Record<PropertyKey, unknown>)[key] : undefined; // as: the key was just found
  }
  return shownValue(here);
}

const longestShown = 200;

/** A value as errors show it: its type and its JSON, on one line of at most 200 characters with secrets redacted. */
export function shownValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  const type = Array.isArray(value) ? "list" : typeof value;
  try {
    return messageFrom(`${type} ${JSON.stringify(value) ?? ""}`, longestShown);
  } catch {
    return type; // what JSON cannot hold is known by its type alone
  }
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

/** A message often names the type of what came; the value itself, with its type, says more. */
function withValues({ message, expected, received }: FieldProblem): string {
  const told = [received === undefined ? message : message.replace(/, received [\w ]{1,30}$/, "")];
  if (expected !== undefined && !message.includes(expected)) told.push(`expected ${expected}`);
  if (received !== undefined) told.push(`received ${received}`);
  return told.join(", ");
}
