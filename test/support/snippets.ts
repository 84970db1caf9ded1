/** Compiles and runs what documents show, so that they stay true. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProject, own, type Project } from "../types/project.ts";
import type { Block } from "./markdown.ts";
import { root } from "./source-tree.ts";

/** How a program ended and what it printed. */
export interface Ended {
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The TypeScript blocks as files of one project, in which packages are found as a user finds them. */
export interface Snippets extends Disposable {
  /** The compiler's errors, told by the line of the document. */
  readonly problems: readonly string[];
  run(block: Block): Promise<Ended>;
}

const fileOf = ({ path, line }: Block): string => `${path.replace(/[^A-Za-z0-9]+/g, "-")}-${line}.ts`;

/** A `tsconfig.json`, as far as it matters here. */
export interface CompilerConfig {
  readonly extends?: string;
  readonly compilerOptions: object;
}

/** The house's own configuration, stricter still. */
const houseConfig: CompilerConfig = {
  extends: join(root, "tsconfig.json"),
  compilerOptions: { moduleDetection: "force", noUnusedLocals: true },
};

/** Writes and compiles blocks, all in one run of the compiler, with the house's configuration unless told. */
export function compileSnippets(blocks: readonly Block[], config: CompilerConfig = houseConfig): Snippets {
  const clients = ["openai", "@anthropic-ai/sdk", "@ai-sdk/openai-compatible", "@pydantic/genai-prices"];
  const tracing = ["api", "context-async-hooks", "sdk-trace"].map((name) => `@opentelemetry/${name}`);
  const packages = ["weakincentives", "zod", ...clients, ...tracing];
  const project = createProject({
    files: Object.fromEntries(blocks.map((block) => [fileOf(block), block.code])),
    packages: Object.fromEntries(packages.map((name) => [name, own(name)])),
  });
  return {
    problems: compileAll(project, blocks, config),
    run: (block) => execute(process.execPath, ["--conditions=source", fileOf(block)], project.folder),
    [Symbol.dispose]: () => project[Symbol.dispose](),
  };
}

function compileAll(project: Project, blocks: readonly Block[], config: CompilerConfig): readonly string[] {
  const { diagnostics } = project.compile({
    ...config,
    compilerOptions: {
      ...config.compilerOptions,
      // the library is read from its source, which need not be built for that
      customConditions: ["source"],
      allowImportingTsExtensions: true,
      typeRoots: [join(root, "node_modules/@types")],
      skipLibCheck: true,
    },
    include: ["*.ts"],
    exclude: [],
  });
  // what is wrong in src/ is told by `npm run types`, which asks less of unused names
  return diagnostics.flatMap(({ file, line, message }) => {
    const block = blocks.find((one) => join(project.folder, fileOf(one)) === file);
    if (block !== undefined) return [`${block.path}:${block.line + line} ${message}`];
    return file === "" ? [message] : [];
  });
}

/** A folder that looks like this repository, so that commands of documents leave nothing behind in it. */
export interface Clone extends Disposable {
  /** Runs the lines of a block in a shell that stops at the first error; `npm ci` was done already. */
  run(block: Block): Promise<Ended>;
}

/** Makes such a folder: what is in it are links to what is here. */
export function linkedClone(): Clone {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-docs-")));
  for (const name of readdirSync(root)) {
    if (!name.startsWith(".")) symlinkSync(join(root, name), join(folder, name));
  }
  return {
    run({ code }) {
      const lines = code.split("\n").filter((line) => line.trim() !== "npm ci");
      return execute("sh", ["-e", "-c", lines.join("\n")], folder);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

function execute(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, NO_COLOR: "1", npm_config_offline: "true", npm_config_update_notifier: "false" };
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : (error.code ?? error.signal ?? "no start"), stdout, stderr });
    });
  });
}
