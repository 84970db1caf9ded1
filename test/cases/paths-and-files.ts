import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import {
  compileGlob,
  type Filesystem,
  isUnder,
  largestFile,
  memoryFiles,
  mountHost,
  normalizePath,
  overlayFiles,
  validatePath,
} from "../../src/files/index.ts";
import { parseToolPath } from "../../src/workspace/index.ts";
import { type Case, mapped, passed, type RunCase, textOf, type Verdict } from "./case.ts";
import { holds } from "./expectation.ts";

const oneDialect =
  "one glob dialect: `*` stays within a directory, `**` is any number of them, a pattern without `/` is a name (decision 0004)";
const readsExactly = "text is read exactly as it was written, its last line end too (F1 in src/files/filesystem.ts)";

const errors: Readonly<Record<string, (fs: Filesystem) => Promise<unknown>>> = {
  "read d": (fs) => fs.readText("d"),
  "write root": (fs) => fs.writeText("", "x"),
  "write 48000": (fs) => write(fs, 48_000),
  "list file": (fs) => fs.list("f.txt"),
  "delete nonempty dir": (fs) => fs.remove("d"),
  "delete missing": (fs) => fs.remove("missing"),
  "mkdir over file": (fs) => fs.makeDirectory("f.txt"),
  // as a write of one more than may be, see the verdict
  "write 48001": (fs) => write(fs, largestFile + 1),
};

async function write(fs: Filesystem, length: number): Promise<number> {
  await fs.writeText("new.txt", "x".repeat(length));
  return (await fs.stat("new.txt"))?.size ?? 0;
}

async function fileErrors({ input, expected }: Case): Promise<Verdict> {
  const work = errors[input as string];
  if (work === undefined) throw new Error(`no such work: ${String(input)}`);
  await holds(expected, () => work(memoryFiles({ "d/inner.txt": "x", "f.txt": "x" })));
  if (input !== "write 48001") return passed;
  return mapped("the limit of a file is 32 MiB; 48,000 characters are the limit of what a model writes at once");
}

async function fileRead({ name, input, expected }: Case): Promise<Verdict> {
  const { offset, limit } = input as { offset?: number; limit?: number };
  const { content, total_lines: total } = expected as { content: string; total_lines: number };
  const text = name.startsWith("content 'l1") ? "l1\nl2\nl3\n" : "a\nb";
  const fs = memoryFiles({ "f.txt": text });
  if (limit === -1) {
    await holds({ error: "ValueError" }, () => fs.readText("f.txt", { limit }));
    expect(await fs.readText("f.txt")).toBe(`${content}\n`);
    return mapped(
      "all lines are read when no limit is given; a negative one is an error (F4 in src/files/filesystem.ts)",
    );
  }
  const read = await fs.readText("f.txt", { offset, limit });
  expect(text.split("\n").filter((line) => line !== "")).toHaveLength(total);
  const ends = text.endsWith("\n") && content !== "";
  expect(read).toBe(ends ? `${content}\n` : content);
  return ends ? mapped(readsExactly) : passed;
}

/** The files of the groups `fs.grep` and `fs.glob`. */
const searched = { "a.py": "x=1\nfoo=2\n", "s/b.py": "foo bar foo\n", "c.txt": "foo\n" };

async function fileGrep({ input, expected }: Case): Promise<Verdict> {
  const {
    files = searched,
    pattern,
    glob,
  } = input as { files?: Record<string, string>; pattern: string; glob?: string };
  const fs = memoryFiles(files);
  if ((expected as { error?: string }).error !== undefined) {
    await holds(expected, () => fs.grep(pattern, { glob }));
    return passed;
  }
  const { matches } = await fs.grep(pattern, { glob });
  expect(matches.map(({ path, line, start, end }) => ({ path, line, start, end }))).toEqual(expected);
  return passed;
}

async function fileGlob({ input, expected }: Case): Promise<Verdict> {
  const { pattern } = input as { pattern: string };
  const found = await memoryFiles(searched).glob(pattern);
  if (pattern !== "**/*.py") {
    expect(found).toEqual(expected);
    return passed;
  }
  expect(expected).toEqual(["s/b.py"]);
  expect(found).toEqual(["a.py", "s/b.py"]);
  return mapped(oneDialect);
}

function glob({ input, expected }: Case): Verdict {
  const { path, pattern } = input as { path: string; pattern: string };
  const { fs_glob: files, mount_match_glob: mounts } = expected as { fs_glob: boolean; mount_match_glob: boolean };
  const matches = compileGlob(pattern)(path);
  if (files === mounts && matches === files) return passed;
  expect([pattern, path, matches, files, mounts]).toEqual(["src/*.py", "src/a/b.py", false, true, true]);
  return mapped(oneDialect);
}

async function validate({ input, expected }: Case): Promise<Verdict> {
  await holds(
    expected,
    () => validatePath(textOf(input)),
    () => null,
  );
  return passed;
}

function toolPath({ input, expected }: Case): Verdict {
  const { path, mount_point: mount, allow_empty: allowRoot } = input as Record<string, unknown>;
  const text = path === null ? null : textOf(path);
  const parsed = parseToolPath(text, { prefix: (mount as string | null) ?? undefined, allowRoot: allowRoot === true });
  if (parsed.ok) expect({ ok: parsed.path === "" ? [] : parsed.path.split("/") }).toEqual(expected);
  else expect(expected).toEqual({ error: "ToolValidationError" });
  return passed;
}

/** Regular expressions that take some engines for ever. */
async function hostilePattern({ input, expected }: Case): Promise<Verdict> {
  const { pattern, text } = input as { pattern: string; text: unknown };
  expect(expected).toHaveProperty("any_of", ["rejected as too complex", "finished or timed out under 1 s"]);
  const fs = memoryFiles({ "a.txt": textOf(text) });
  // The runner's own limit for a unit test is one second.
  const end = await fs.grep(pattern).then(
    ({ matches }) => `${matches.length} matches`,
    (error: { readonly code?: string }) => error.code,
  );
  expect(["0 matches", "PATTERN_INVALID"]).toContain(end);
  return passed;
}

async function symlinkOut({ expected }: Case): Promise<Verdict> {
  const root = mkdtempSync(join(tmpdir(), "wink-cases-"));
  try {
    for (const folder of ["inside", "outside"]) mkdirSync(join(root, folder));
    writeFileSync(join(root, "outside/secret"), "SECRET\n");
    writeFileSync(join(root, "inside/open"), "nothing\n");
    symlinkSync(join(root, "outside/secret"), join(root, "inside/link"));
    const { matches } = await overlayFiles(await mountHost({ root: join(root, "inside") })).grep("SECRET");
    expect({ matches: matches.length }).toEqual(expected);
    return passed;
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function fileAsDirectory({ input, expected }: Case): Promise<Verdict> {
  const fs = memoryFiles();
  const [first = "", second = ""] = (input as { write: string[] }).write;
  await fs.writeText(first, "x");
  await holds(expected, () => fs.writeText(second, "x"));
  return passed;
}

async function negativeOffset({ input, expected }: Case): Promise<Verdict> {
  await holds(expected, () => memoryFiles({ "a.txt": "x" }).readText("a.txt", input as { offset: number }));
  return passed;
}

/** What holds of paths, globs and files. */
export const pathsAndFiles: Readonly<Record<string, RunCase>> = {
  "path.normalize": ({ input, expected }) => {
    expect(normalizePath(input as string)).toBe(expected);
    return passed;
  },
  "path.under": ({ input, expected }) => {
    const { path, base } = input as { path: string; base: string };
    expect(isUnder(path, base)).toBe(expected);
    return passed;
  },
  "path.validate": validate,
  "path.tool": toolPath,
  glob,
  "fs.read": fileRead,
  "fs.errors": fileErrors,
  "fs.grep": fileGrep,
  "fs.glob": fileGlob,
  "seed.redos": hostilePattern,
  "bug-538": symlinkOut,
  "bug-543": fileAsDirectory,
  "bug-545": negativeOffset,
};
