import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { entries } from "./support/house.ts";
import { root } from "./support/source-tree.ts";

/** Upper bounds of what an install puts on disk, in MB. */
const ownSize = 1;
const installedSize = 12;

const folder = mkdtempSync(join(tmpdir(), "wink-pack-"));
const consumer = join(folder, "consumer");
const bare = join(folder, "bare");
const examples = join(root, "examples");
let tarball = "";

/** Runs a program to its end, with the output in the error when it fails. */
function run(cwd: string, program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** Installs packages beside those that the consumer has. */
function install(...packages: readonly string[]): void {
  run(consumer, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", ...packages);
}

/** Type-checks a folder as a user would who trusts no declaration file. */
function typeCheck(cwd: string, compiler: string, include: readonly string[]): string {
  const compilerOptions = {
    strict: true,
    skipLibCheck: false,
    target: "es2024",
    lib: ["es2024", "esnext.disposable"],
    module: "nodenext",
    noEmit: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, include, exclude: ["examples/*/repo"] }));
  return run(cwd, process.execPath, join(root, "node_modules", compiler, "bin/tsc"), "--project", cwd);
}

const megabytes = (path: string): number =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0) / 1e6;

/** One file that imports every entry, so that every declaration file is read. */
const importEverything = [...entries.keys()]
  .map((entry, index) => `export * as entry${index} from "weakincentives${entry.slice(1)}";\n`)
  .join("");

beforeAll(() => {
  run(root, "npm", "pack", "--silent", "--pack-destination", folder);
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  mkdirSync(consumer);
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ private: true, type: "module" }));
  install(tarball, `zod@${manifest.devDependencies.zod}`);
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the tarball holds the bundles, their types and nothing else", () => {
  const files = run(folder, "tar", "-tzf", tarball).trim().split("\n");
  const expected = /^package\/(package\.json|README\.md|LICENSE|dist\/.+(?<!\.test)\.(js|d\.ts))$/;
  expect(files.filter((file) => !expected.test(file))).toEqual([]);
  expect(files).toContain("package/LICENSE");
});

test("an install stays small", () => {
  expect(megabytes(join(consumer, "node_modules/weakincentives"))).toBeLessThan(ownSize);
  expect(megabytes(join(consumer, "node_modules"))).toBeLessThan(installedSize);
});

test("the command runs from the installed package, on a file that imports the same one", () => {
  const greeting = `import { definePrompt, section } from "weakincentives";
export const greeting = definePrompt({
  ns: "pack",
  key: "greeting",
  sections: [section({ key: "task", title: "Task", body: "Greet the user." })],
});
`;
  writeFileSync(join(consumer, "greeting.ts"), greeting);
  expect(run(consumer, "npx", "wink", "--version")).toBe(`${manifest.version}\n`);
  expect(run(consumer, "npx", "wink", "prompt", "show", "greeting.ts")).toContain("Greet the user.");
});

test("a stack of the installed package names its functions and classes", () => {
  const code = `import { deadlineAfter } from "weakincentives"; try { deadlineAfter(-1); } catch (error) { console.log(error.stack); }`;
  const stack = run(consumer, process.execPath, "--input-type=module", "--eval", code);
  expect(stack).toMatch(/^WinkError/);
  expect(stack).toMatch(/at deadlineAfter \(/);
});

/** Comes after the sizes were measured: what the examples import themselves is no part of an install. */
describe("examples", () => {
  beforeAll(() => {
    const { diff, openai, "@anthropic-ai/sdk": anthropic } = manifest.devDependencies;
    install(`diff@${diff}`, `openai@${openai}`, `@anthropic-ai/sdk@${anthropic}`);
    if (existsSync(examples)) cpSync(examples, join(consumer, "examples"), { recursive: true });
  });

  const paths = (existsSync(examples) ? readdirSync(examples, { withFileTypes: true }) : [])
    .map((entry) => (entry.isDirectory() ? join(entry.name, "main.ts") : entry.name))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && existsSync(join(examples, path)));

  test.each(paths)("run from the installed package: %s", (path) => {
    expect(run(consumer, process.execPath, join("examples", path))).not.toBe("");
  });

  test.each(["typescript", "typescript-6"])("compile with %s, declaration files checked", (compiler) => {
    writeFileSync(join(consumer, "everything.ts"), importEverything);
    expect(typeCheck(consumer, compiler, ["everything.ts", "examples"])).toBe("");
  });
});

test.each(["typescript", "typescript-6"])("the types resolve without zod, with %s", (compiler) => {
  const installed = join(bare, "node_modules/weakincentives");
  mkdirSync(installed, { recursive: true });
  run(installed, "tar", "-xzf", tarball, "--strip-components=1");
  writeFileSync(join(bare, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(join(bare, "everything.ts"), importEverything);
  expect(typeCheck(bare, compiler, ["everything.ts"])).toBe("");
});
