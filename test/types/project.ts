/** A TypeScript project in a folder of its own, from which packages are found as in this repository. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { root } from "../support/source-tree.ts";

/** An error of the compiler; the lines of a message that explain it further are indented. */
export interface Diagnostic {
  /** Absolute; empty for errors of the project itself. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What one run of the compiler gave. */
export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  /** All that was printed, for figures. */
  readonly printed: string;
}

/** What a project is made of. */
export interface ProjectParts {
  /** Texts by path inside the project. */
  readonly files?: Readonly<Record<string, string>>;
  /** Packages of this repository that can be imported, and folders that stand for a package. */
  readonly packages: Readonly<Record<string, string>>;
}

/** The compilers of this repository, by the name of their package. */
export type Compiler = "typescript" | "typescript-6";

/** How {@link Project.compile} runs the compiler: TypeScript 7 without flags unless told. */
export interface CompileOptions {
  readonly compiler?: Compiler;
  readonly flags?: readonly string[];
}

/** A project; disposing it removes the folder. */
export interface Project extends Disposable {
  readonly folder: string;
  /** Adds a file, by its path inside the project. */
  write(path: string, text: string): void;
  /** Compiles with a configuration of the project's own. */
  compile(config: object, options?: CompileOptions): Compiled;
}

/** A package of this repository, by name, or this package itself. */
export const own = (name: string): string => (name === "weakincentives" ? root : join(root, "node_modules", name));

/** Writes a project; nothing is compiled yet. */
export function createProject({ files = {}, packages }: ProjectParts): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-types-")));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("package.json", JSON.stringify({ private: true, type: "module" }));
  for (const [path, text] of Object.entries(files)) write(path, text);
  for (const [name, target] of Object.entries(packages)) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
  return {
    folder,
    write,
    compile(config, { compiler = "typescript", flags = [] } = {}) {
      write("tsconfig.json", JSON.stringify(config));
      return run(folder, compiler, flags);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

function run(folder: string, compiler: Compiler, flags: readonly string[]): Compiled {
  const program = join(root, "node_modules", compiler, "bin/tsc");
  const { stdout, stderr, error } = spawnSync(
    process.execPath,
    [program, "--project", folder, "--pretty", "false", ...flags],
    { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (error !== undefined) throw error;
  return { diagnostics: diagnosticsIn(stdout + stderr, folder), printed: stdout };
}

/** Reads what the compiler prints: `file(line,column): error TS1: message`, then indented lines. */
export function diagnosticsIn(printed: string, folder: string): readonly Diagnostic[] {
  const found: { file: string; line: number; message: string }[] = [];
  for (const text of printed.split("\n")) {
    const [, file, line, message] = /^(?:(.+?)\((\d+),\d+\): )?error TS\d+: (.*)$/.exec(text) ?? [];
    if (message !== undefined) {
      const path = file === undefined ? "" : isAbsolute(file) ? file : resolve(folder, file);
      found.push({ file: path, line: Number(line ?? 0), message });
    } else if (/^\s+\S/.test(text)) {
      const last = found.at(-1);
      if (last !== undefined) last.message += `\n${text}`;
    }
  }
  return found;
}
