/**
 * The one glob dialect, for `Filesystem.glob`, the `glob` of a grep and the `include` and `exclude` of a mount:
 *
 * - A pattern without `/` is matched against the name of a file, at any depth: `*.py` finds `main.py` and `src/main.py`.
 * - Any other pattern is matched against the whole path; a leading `/` or `./` holds a name to the top: `/*.py`.
 * - `*` is any characters of a name, `?` one, `[a-z]` one of a class, `[!a-z]` one not of it. Leading dots are not special.
 * - A segment `**` is any directories, also none; at the end it is everything below, and so is a trailing `/`.
 * - `{a,b}` is either; `\` takes the next character as it is. Upper and lower case differ. There is nothing else.
 *
 * A match takes time in proportion to pattern and path, for every pattern.
 */
import { type GlobToken, globError, parseGlob } from "./glob-parse.ts";
import { type GlobStep, pathMatcher } from "./glob-path.ts";
import { compileSegment } from "./glob-segment.ts";

/** Tells whether a path in its normal form fits a glob. */
export type GlobMatcher = (path: string) => boolean;

/** Compiles a glob; throws `PATTERN_INVALID`. The last {@link mostRemembered} are remembered. */
export function compileGlob(pattern: string): GlobMatcher {
  const known = remembered.get(pattern);
  if (known !== undefined) return known;
  const alternatives = parseGlob(pattern).map((tokens) => pathMatcher(stepsOf(tokens, pattern)));
  const matcher = anyOf(alternatives);
  const oldest = remembered.keys().next().value;
  if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest);
  remembered.set(pattern, matcher);
  return matcher;
}

const mostRemembered = 100;
const remembered = new Map<string, GlobMatcher>();

function anyOf(alternatives: readonly GlobMatcher[]): GlobMatcher {
  const [first, second, ...others] = alternatives;
  if (first === undefined) return () => false;
  if (second === undefined) return first;
  if (others.length === 0) return (path) => first(path) || second(path);
  return (path) => alternatives.some((fits) => fits(path));
}

function stepsOf(tokens: readonly GlobToken[], pattern: string): readonly GlobStep[] {
  if (tokens.length === 0) throw globError(pattern, "An alternative of the glob is empty", 0, "for example `*.ts`");
  const segments: GlobToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "slash") segments.push([]);
    else segments.at(-1)?.push(token);
  }
  const steps: GlobStep[] = [];
  const push = (step: GlobStep): void => {
    if (step !== "directories" || steps.at(-1) !== "directories") steps.push(step);
  };
  const below = segments.length > 1 && segments.at(-1)?.length === 0;
  if (segments.length === (below ? 2 : 1)) push("directories");
  for (const segment of segments) {
    if (segment.length === 0 || isText(segment, ".")) continue;
    if (isText(segment, ".."))
      throw globError(pattern, "A glob cannot leave its directory", pattern.indexOf(".."), "no `..`");
    const directories = segment.length === 2 && segment.every(({ kind }) => kind === "any");
    push(directories ? "directories" : compileSegment(segment));
  }
  if (below) push("directories");
  if (steps.at(-1) === "directories") push(compileSegment([{ kind: "any" }]));
  return steps;
}

const isText = (tokens: readonly GlobToken[], text: string): boolean =>
  tokens.length === text.length && tokens.every((token, index) => token.kind === "text" && token.text === text[index]);
