/** A small complete agent as a user writes it: compiled with the type cases, and measured by `npm run types:budget`. */
import {
  append,
  createSession,
  definePrompt,
  event,
  type Filesystem,
  fail,
  files,
  ok,
  type Payload,
  section,
  slice,
  tool,
} from "weakincentives";
import { modelAdapter } from "weakincentives/adapter";
import { type OpenAIClient, openaiModel } from "weakincentives/model/openai";
import { z } from "zod";

export const FileRead = event("review/file-read", z.object({ path: z.string(), lines: z.int() }));
export type FileRead = Payload<typeof FileRead>;

export const reads = slice({
  name: "reads",
  item: FileRead.schema,
  policy: "state",
  reducers: (on) => [on(FileRead, (_view, { payload }) => append(payload))],
});

export const readFile = tool({
  name: "read_file",
  description: "Read one file of the repository.",
  effects: "none",
  resources: { fs: files },
  params: z.object({ path: z.string(), limit: z.int().default(2000).describe("lines") }),
  result: z.object({ text: z.string() }),
  render: ({ text }) => text,
  async handler({ path, limit }, { fs, session, signal }) {
    const text = await fs.readText(path, { signal });
    if (text === undefined) return fail(`No such file: ${path}`);
    session.dispatch(FileRead({ path, lines: text.split("\n").length }));
    return ok({ text: text.split("\n").slice(0, limit).join("\n") });
  },
});

export const codeReview = definePrompt({
  ns: "examples",
  key: "code-review",
  output: z.object({ summary: z.string(), issues: z.array(z.string()) }),
  sections: [
    section({
      key: "repository",
      title: "Repository",
      params: z.object({ name: z.string() }),
      body: "You review {{name}}. Read before you judge.",
      tools: [readFile],
      slices: [reads],
    }),
    section({ key: "request", title: "Request", params: z.object({ request: z.string() }), body: "{{request}}" }),
  ],
});

export async function review(fs: Filesystem, client: OpenAIClient): Promise<string> {
  const prompt = codeReview.bind(
    { name: "acme/app", request: "Find bugs in main.ts" },
    { resources: [files.bind(fs)] },
  );
  const adapter = modelAdapter(openaiModel({ client, model: "gpt-5.2" }));
  const { output } = await adapter.evaluate(prompt);
  const run = adapter.run(prompt, { session: createSession() });
  for await (const step of run.events()) if (step.type === "tool/finished") run.abort(step.type);
  const outcome = await run.outcome;
  return outcome.status === "completed" ? outcome.output.issues.join("\n") : output.summary;
}
