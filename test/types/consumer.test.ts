/** What a user's own build makes of our types: declarations, annotations by hand, packages built on packages. */
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../support/source-tree.ts";
import { emitLibrary, type Library } from "./library.ts";
import { type Compiled, createProject, own, type Project } from "./project.ts";

/** As strict as a build gets, and no declaration file is trusted. */
const strictest = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  target: "es2024",
  lib: ["es2024", "esnext.disposable"],
  module: "nodenext",
  types: ["node"],
  typeRoots: [join(root, "node_modules/@types")],
};

/** How a user writes exported definitions where `isolatedDeclarations` asks for their types. */
const annotated = `
import { definePrompt, event, ok, type EventDefinition, type PromptTemplate, type Section, type Slice, slice, type Tool, type Token, tool, token, section } from "weakincentives";
import { z } from "zod";
export const Asked: EventDefinition<"asked", { question: string }> = event("asked", z.object({ question: z.string() }));
export const questions: Slice<{ question: string }> = slice({ name: "questions", item: Asked.schema, reducers: () => [] });
export const mailer: Token<{ send(to: string): void }> = token("mailer");
export const ask: Tool<{ question: string }, string> = tool({
  name: "ask", description: "Asks.", effects: "none", params: z.object({ question: z.string() }), handler: ({ question }) => ok(question),
});
export const asking: Section<{ name: string }> = section({
  key: "asking", title: "Asking", params: z.object({ name: z.string() }), body: "Ask {{name}}.", tools: [ask], slices: [questions],
});
export const interview: PromptTemplate<{ name: string }, { answer: string }> = definePrompt({
  ns: "n", key: "k", output: z.object({ answer: z.string() }), sections: [asking],
});
export function about(topic: string): Section<{ topic?: string | undefined }> {
  return section({ key: "about", title: topic, params: z.object({ topic: z.string().default(topic) }), body: "{{topic}}" });
}
`;

/** Uses another package's agent, with a copy of the library of its own. */
const consumer = `
import { type Session, createSession, definePrompt, section } from "weakincentives";
import { type Adapter } from "weakincentives/adapter";
import { asking, codeReview, FileRead, questions, readFile, reads } from "agent";
declare const adapter: Adapter;
const session: Session = createSession({ slices: [reads, questions] });
session.dispatch(FileRead({ path: "a", lines: 1 }));
const path: string | undefined = session.query(reads).latest()?.path;
const { output } = await adapter.evaluate(codeReview.bind({ name: "a", request: "b" }));
const first: string | undefined = output.issues[0];
const own = definePrompt({ ns: "n", key: "k", sections: [asking, section({ key: "s", title: "S", body: "S", tools: [readFile] })] });
own.bind({ name: "x" });
// @ts-expect-error: the section of the other package asks for a name
own.bind({});
// @ts-expect-error: the other package's output has no such field
output.sumary;
export { first, path };
`;

let library: Library;
let agent: Project;
let built: Compiled;

beforeAll(() => {
  library = emitLibrary();
  agent = createProject({
    files: { "agent.ts": readFileSync(join(root, "test/types/sketch.ts"), "utf8"), "annotated.ts": annotated },
    packages: { zod: own("zod"), weakincentives: library.folder },
  });
  built = agent.compile({
    compilerOptions: { ...strictest, skipLibCheck: true, declaration: true, emitDeclarationOnly: true, outDir: "dist" },
    include: ["*.ts"],
  });
}, 60_000);

afterAll(() => {
  agent[Symbol.dispose]();
  library[Symbol.dispose]();
});

/** The declarations that the agent's build emitted, on one line each. */
const declarations = (name: string): string =>
  readFileSync(join(agent.folder, "dist", name), "utf8")
    .replace(/\s+/g, " ")
    .replaceAll("; }", " }");

test("a user's build emits declarations that read as they would be written", () => {
  expect(built.diagnostics).toEqual([]);
  const text = declarations("agent.d.ts");
  const review = "{ name: string; request: string }, { summary: string; issues: string[] }";
  expect(text).toContain(`const codeReview: import("weakincentives").PromptTemplate<${review}>;`);
  const params = "{ path: string; limit?: number | undefined }";
  expect(text).toContain(`const readFile: import("weakincentives").Tool<${params}, { text: string }>;`);
  expect(text).toContain(`const reads: import("weakincentives").Slice<{ path: string; lines: number }>;`);
});

test("no declaration names the schema library", () => {
  expect(declarations("agent.d.ts")).not.toMatch(/zod|\$Zod/i);
  expect(declarations("annotated.d.ts")).not.toMatch(/\$Zod/);
});

test("definitions can be annotated by hand, as isolatedDeclarations asks", () => {
  using project = createProject({
    files: { "annotated.ts": annotated },
    packages: { zod: own("zod"), weakincentives: library.folder },
  });
  const compilerOptions = {
    ...strictest,
    skipLibCheck: true,
    declaration: true,
    isolatedDeclarations: true,
    noEmit: true,
  };
  expect(project.compile({ compilerOptions, include: ["*.ts"] }).diagnostics).toEqual([]);
});

test("a package uses another's agent without the schema library, each with its own copy of ours", () => {
  using project = createProject({ files: { "consumer.ts": consumer }, packages: {} });
  const modules = join(project.folder, "node_modules");
  const inner = join(modules, "agent");
  mkdirSync(join(inner, "node_modules"), { recursive: true });
  cpSync(library.folder, join(modules, "weakincentives"), { recursive: true });
  cpSync(library.folder, join(inner, "node_modules/weakincentives"), { recursive: true });
  cpSync(join(agent.folder, "dist"), inner, { recursive: true });
  project.write(
    "node_modules/agent/package.json",
    JSON.stringify({ name: "agent", type: "module", exports: "./index.js" }),
  );
  project.write("node_modules/agent/index.d.ts", 'export * from "./agent.js";\nexport * from "./annotated.js";\n');
  const compilerOptions = { ...strictest, noEmit: true };
  expect(project.compile({ compilerOptions, include: ["*.ts"] }).diagnostics).toEqual([]);
});
