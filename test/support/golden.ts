/** The agent of the golden journals: journals of every version of the form must open, resume and replay with it. */
import { z } from "zod";
import { memoryFiles } from "../../src/files/index.ts";
import { append, definePrompt, event, fail, files, ok, type Prompt, section, slice, tool } from "../../src/index.ts";
import { callTools, type ScriptedModel, sayJson, scriptedModel } from "../../src/model/scripted/index.ts";

const Noted = event("golden/noted", z.object({ text: z.string() }));
export const notes = slice({
  name: "notes",
  item: Noted.schema,
  policy: "state",
  reducers: (on) => [on(Noted, (_view, { payload }) => append(payload))],
});

const note = tool({
  name: "note",
  description: "Notes a text.",
  effects: "none",
  params: z.object({ text: z.string() }),
  handler({ text }, { session }) {
    session.dispatch(Noted({ text }));
    return ok(`noted ${text}`);
  },
});

const write = tool({
  name: "write",
  description: "Writes a file.",
  effects: "workspace",
  resources: { fs: files },
  params: z.object({ path: z.string(), text: z.string() }),
  async handler({ path, text }, { fs }) {
    if (text === "") return fail("The text is empty.");
    await fs.writeText(path, text);
    return ok(`wrote ${path}`);
  },
});

const send = tool({
  name: "send",
  description: "Sends a message.",
  effects: "external",
  params: z.object({ to: z.string() }),
  handler: ({ to }) => ok(`sent to ${to}`),
});

/** The prompt, over files in memory. */
export const goldenPrompt = (): Prompt<{ done: boolean }> =>
  definePrompt({
    ns: "test",
    key: "golden",
    output: z.object({ done: z.boolean() }),
    sections: [
      section({
        key: "task",
        title: "Task",
        params: z.object({ name: z.string() }),
        body: "Do {{name}}.",
        tools: [note, write, send],
        slices: [notes],
      }),
    ],
  }).bind({ name: "it" }, { resources: [files.bind(memoryFiles({ "a.md": "first" }))] });

const call = (name: string, args: object) => ({ name, arguments: args });

/** The model, from its first answer or a later one on. */
export const goldenModel = (from = 0): ScriptedModel =>
  scriptedModel(
    [
      callTools([call("note", { text: "one" }), call("note", { text: "two" })]),
      callTools([call("write", { path: "b.md", text: "second" }), call("write", { path: "c.md", text: "" })]),
      callTools([call("send", { to: "all" }), call("nothing", {})]),
      sayJson({ done: "yes" }),
      sayJson({ done: true }),
    ].slice(from),
  );
