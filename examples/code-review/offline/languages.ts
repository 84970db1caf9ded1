/** The kinds of files that the rules know, and how to find them. */

const globs = {
  javascript: ["*.js", "*.mjs", "*.cjs", "*.jsx", "*.ts", "*.mts", "*.cts", "*.tsx", "*.vue", "*.svelte"],
  python: ["*.py", "*.pyi"],
  shell: ["*.sh", "*.bash", "*.zsh", "*.ksh"],
  docker: ["Dockerfile", "Dockerfile.*", "*.dockerfile", "Containerfile"],
  yaml: ["*.yml", "*.yaml"],
  config: ["*.json", "*.toml", "*.ini", "*.cfg", "*.properties", ".env", ".env.*"],
} as const;

/** A kind of files. */
export type Language = keyof typeof globs;

/** All kinds, in the order in which they are looked for. */
export const languages = Object.keys(globs) as readonly Language[]; // as: the keys of a literal

/** The glob of some kinds of files, at any depth. */
export function globOf(kinds: readonly Language[]): string {
  const all = kinds.flatMap((kind) => globs[kind]);
  return all.length === 1 ? String(all[0]) : `{${all.join(",")}}`;
}

/** What kind of file a path names. */
export function languageOf(path: string): Language | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return languages.find((kind) => globs[kind].some((glob) => fits(name, glob)));
}

/** These globs have one star at most, at their beginning or end. */
function fits(name: string, glob: string): boolean {
  if (glob.startsWith("*")) return name.endsWith(glob.slice(1));
  return glob.endsWith("*") ? name.startsWith(glob.slice(0, -1)) : name === glob;
}

const testFolders = /(^|\/)(tests?|benchmarks?|__tests__|__mocks__|specs?|fixtures?|testdata|test-data|mocks?|e2e)\//i;
const testNames = /(\.|_|-)(test|spec|stories)\.[a-z]+$|(^|\/)(test_[^/]*|conftest)\.py$/i;

/** Whether a path belongs to tests, where odd code often stands on purpose. */
export function isTest(path: string): boolean {
  return testFolders.test(path) || testNames.test(path);
}

const foreignFolders =
  /(^|\/)(node_modules|_?vendor(ed)?|third[_-]party|bower_components|dist|build|out|target|coverage|(site|dist)-packages|\.next|\.venv|venv|__pycache__|migrations)\//i;
const foreignNames =
  /(\.min\.[a-z]+|\.bundle\.js|\.map|\.d\.ts|(^|\/)(package-lock|npm-shrinkwrap|composer\.lock|tsconfig[^/]*)(\.json)?)$/i;

/** Whether a file was made by a program or by others, so that a finding would help nobody. */
export function isForeign(path: string): boolean {
  return foreignFolders.test(path) || foreignNames.test(path);
}
