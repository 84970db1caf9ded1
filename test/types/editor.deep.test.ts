/** What an editor shows while an agent is written: hovers and completions, from a language service. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-6";
import { afterAll, expect, test } from "vitest";
import { root } from "../support/source-tree.ts";
import { emitLibrary } from "./library.ts";
import { createProject, own } from "./project.ts";

/** `/*1*\/` marks stand where the editor is asked. */
const asking = `
import { definePrompt, section, tool, ok } from "weakincentives";
import { z } from "zod";
import { codeReview } from "./agent.ts";
const prompt = codeReview./*1*/bind({ /*2*/ });
section({ key: "a", title: "A", params: z.object({ name: z.string() }), body: { text: "a/v1", write: ({ params }) => params./*3*/ } });
tool({ name: "t", description: "T.", effects: "/*4*/", handler: (_, context) => ok(context.runId) });
`;

const library = emitLibrary();
const project = createProject({
  files: { "agent.ts": readFileSync(join(root, "test/types/sketch.ts"), "utf8"), "asking.ts": asking },
  packages: { zod: own("zod"), weakincentives: library.folder, "@types/node": own("@types/node") },
});
afterAll(() => {
  project[Symbol.dispose]();
  library[Symbol.dispose]();
});

const options: ts.CompilerOptions = {
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  types: ["node"],
};
const file = join(project.folder, "asking.ts");
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: () => "1",
  getScriptSnapshot: (path) =>
    ts.sys.fileExists(path) ? ts.ScriptSnapshot.fromString(ts.sys.readFile(path) ?? "") : undefined,
  getCurrentDirectory: () => project.folder,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
  realpath: (path) => ts.sys.realpath?.(path) ?? path,
});

const hover = (path: string, position: number): string =>
  ts.displayPartsToString(service.getQuickInfoAtPosition(path, position)?.displayParts).replace(/\s+/g, " ");

const completions = (mark: number): readonly string[] => {
  const position = asking.indexOf(`/*${mark}*/`) + (mark === 4 ? 0 : 5);
  return (service.getCompletionsAtPosition(file, position, undefined)?.entries ?? []).map(({ name }) => name);
};

test("hovering a prompt shows its params and its output", () => {
  const path = join(project.folder, "agent.ts");
  const text = ts.sys.readFile(path) ?? "";
  expect(hover(path, text.indexOf("codeReview ="))).toBe(
    "const codeReview: PromptTemplate<{ name: string; request: string; }, { summary: string; issues: string[]; }>",
  );
  expect(hover(path, text.indexOf("readFile ="))).toBe(
    "const readFile: Tool<{ path: string; limit?: number | undefined; }, { text: string; }>",
  );
  expect(hover(path, text.indexOf("reads ="))).toBe("const reads: Slice<{ path: string; lines: number; }>");
});

test("hovering bind shows what it takes", () => {
  expect(hover(file, asking.indexOf("bind({"))).toContain(
    "bind(params: { name: string; request: string; }, options?: BindOptions",
  );
});

test("params are completed in bind and in a text made from state", () => {
  expect(completions(2)).toEqual(["name", "request"]);
  expect(completions(3)).toEqual(["name"]);
});

test("effects are completed", () => {
  expect(completions(4).toSorted()).toEqual(["compensable", "external", "idempotent", "none", "workspace"]);
});
