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
import { type SegmentMatcher, segmentMatcher } from "./glob-segment.ts";

/** Tells whether a path in its normal form fits a glob. */
export type GlobMatcher = (path: string) => boolean;

/** A segment of a compiled glob: any directories, or one name. */
type Step = "directories" | SegmentMatcher;

/** Compiles a glob; throws `PATTERN_INVALID`. The last {@link mostRemembered} are remembered. */
export function compileGlob(pattern: string): GlobMatcher {
  const known = remembered.get(pattern);
  if (known !== undefined) return known;
  const alternatives = parseGlob(pattern).map((tokens) => pathMatcher(stepsOf(tokens, pattern)));
  const [only] = alternatives;
  const matcher: GlobMatcher =
    alternatives.length === 1 && only !== undefined ? only : (path) => alternatives.some((fits) => fits(path));
  const oldest = remembered.keys().next().value;
  if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest);
  remembered.set(pattern, matcher);
  return matcher;
}

const mostRemembered = 100;
const remembered = new Map<string, GlobMatcher>();

function stepsOf(tokens: readonly GlobToken[], pattern: string): readonly Step[] {
  if (tokens.length === 0) throw globError(pattern, "An alternative of the glob is empty", 0, "for example `*.ts`");
  const segments: GlobToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "slash") segments.push([]);
    else segments.at(-1)?.push(token);
  }
  const steps: Step[] = [];
  const push = (step: Step): void => {
    if (step !== "directories" || steps.at(-1) !== "directories") steps.push(step);
  };
  const below = segments.length > 1 && segments.at(-1)?.length === 0;
  if (segments.length === (below ? 2 : 1)) push("directories");
  for (const segment of segments) {
    if (segment.length === 0 || isText(segment, ".")) continue;
    if (isText(segment, ".."))
      throw globError(pattern, "A glob cannot leave its directory", pattern.indexOf(".."), "no `..`");
    const directories = segment.length === 2 && segment.every(({ kind }) => kind === "any");
    push(directories ? "directories" : segmentMatcher(segment));
  }
  if (below) push("directories");
  if (steps.at(-1) === "directories") push(() => true);
  return steps;
}

const isText = (tokens: readonly GlobToken[], text: string): boolean =>
  tokens.length === text.length && tokens.every((token, index) => token.kind === "text" && token.text === text[index]);

function pathMatcher(steps: readonly Step[]): GlobMatcher {
  const [first, second] = steps;
  if (steps.length === 2 && first === "directories" && typeof second === "function") {
    return (path) => second(path.slice(path.lastIndexOf("/") + 1));
  }
  const last = steps.at(-1);
  return (path) => {
    // Most paths fail by their last name, which is cheap to look at.
    if (typeof last === "function" && !last(path.slice(path.lastIndexOf("/") + 1))) return false;
    return matches(steps, path.split("/"));
  };
}

/** As with the stars of a segment, only the last `**` ever needs to take more. */
function matches(steps: readonly Step[], names: readonly string[]): boolean {
  let step = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < names.length || step < steps.length) {
    const current = steps[step];
    const name = names[at];
    if (current === "directories") {
      star = step;
      resume = at;
      step += 1;
    } else if (current !== undefined && name !== undefined && current(name)) {
      step += 1;
      at += 1;
    } else {
      if (star < 0 || resume >= names.length) return false;
      resume += 1;
      step = star + 1;
      at = resume;
    }
  }
  return true;
}
