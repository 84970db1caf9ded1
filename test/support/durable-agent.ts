/**
 * An agent of twenty turns that uses tools of every effect, some side by side, and asks a question on its way. What its tools do
 * outside goes to a world that outlives the process, so that a test can see what was done how often. Its model answers by the
 * number of the turn alone, so that it goes on in any process.
 */
import { z } from "zod";
import { agentTool, modelAdapter } from "../../src/adapter/index.ts";
import { sha256 } from "../../src/base/index.ts";
import { memoryFiles } from "../../src/files/index.ts";
import {
  append,
  definePrompt,
  event,
  type Filesystem,
  fail,
  files,
  ok,
  type Prompt,
  section,
  slice,
  tool,
} from "../../src/index.ts";
import type { Model, ModelRequest } from "../../src/model/index.ts";
import type { Tool } from "../../src/tool/index.ts";

/** What tools do outside: lines that nobody takes away. */
export interface World {
  add(line: string): void;
  lines(): readonly string[];
}

/** A world in memory. */
export function memoryWorld(): World {
  const lines: string[] = [];
  return { add: (line) => void lines.push(line), lines: () => lines };
}

const Noted = event("durable/noted", z.object({ text: z.string() }));
/** What was noted. */
export const notes = slice({
  name: "notes",
  item: Noted.schema,
  policy: "state",
  reducers: (on) => [on(Noted, (_view, { payload }) => append(payload))],
});

const named = z.object({ name: z.string() });

/** The tools over a world. */
export function durableTools(world: World): readonly Tool[] {
  return [
    tool({
      name: "look",
      description: "Looks at a file.",
      effects: "none",
      resources: { fs: files },
      params: named,
      async handler({ name }, { fs, session }) {
        session.dispatch(Noted({ text: name }));
        return ok((await fs.readText(name)) ?? "nothing");
      },
    }),
    tool({
      name: "write",
      description: "Writes a file, and fails for some.",
      effects: "workspace",
      resources: { fs: files },
      params: named,
      async handler({ name }, { fs, session, newId }) {
        await fs.writeText(name, `${(await fs.readText(name)) ?? ""}${name} ${newId("id")}\n`);
        session.dispatch(Noted({ text: `wrote ${name}` }));
        return name.startsWith("bad") ? fail("bad name") : ok("written");
      },
    }),
    tool({
      name: "pay",
      description: "Pays once for each key.",
      effects: "idempotent",
      params: named,
      handler({ name }, { key }) {
        const line = `pay ${name} ${key}`;
        if (!world.lines().includes(line)) world.add(line);
        return ok(`paid ${name}`);
      },
    }),
    tool({
      name: "book",
      description: "Books, and can take it back.",
      effects: "compensable",
      params: named,
      handler({ name }, { key }) {
        world.add(`book ${name} ${key}`);
        return ok(`booked ${name}`);
      },
      undo({ name }, _value, { key }) {
        world.add(`unbook ${name} ${key}`);
      },
    }),
    tool({
      name: "mail",
      description: "Mails, and nobody can find out.",
      effects: "external",
      params: named,
      handler({ name }, { key }) {
        world.add(`mail ${name} ${key}`);
        return ok(`mailed ${name}`);
      },
    }),
    tool({
      name: "ship",
      description: "Ships, which can be found out.",
      effects: "external",
      params: named,
      handler({ name }, { key }) {
        world.add(`ship ${name} ${key}`);
        return ok(`shipped ${name}`);
      },
      reconcile: ({ name }, { key }) =>
        world.lines().includes(`ship ${name} ${key}`) ? ok(`shipped ${name}`) : fail(`not shipped ${name}`),
    }),
    tool({
      name: "approve",
      description: "Asks somebody.",
      effects: "idempotent",
      params: named,
      async handler({ name }, { key, suspend }) {
        const reply = await suspend({ question: `May ${name} go on?`, answer: z.object({ yes: z.boolean() }) });
        if (reply.expired) return fail("nobody answered");
        const line = `approved ${name} ${key}`;
        if (!world.lines().includes(line)) world.add(line);
        return ok(reply.value.yes ? "yes" : "no");
      },
    }),
  ];
}

/** A subagent that looks, pays and asks, with a model that works as its parent's. */
export function durableSubagent(world: World): Tool {
  const turns: readonly Calls[] = [
    [["look", "a"]],
    [
      ["pay", "child"],
      ["approve", "child"],
    ],
    [],
  ];
  const inner = durableTools(world).filter(({ name }) => ["look", "pay", "approve"].includes(name));
  const research = definePrompt({
    ns: "test",
    key: "research",
    sections: [
      section({
        key: "task",
        title: "Task",
        params: named,
        body: "Research {{name}}.",
        tools: inner,
        resources: [files.bind(memoryFiles({ a: "of the subagent" }))],
        slices: [notes],
      }),
    ],
  });
  return agentTool((params: { name: string }) => research.bind(params), {
    adapter: modelAdapter(durableModel(world, turns, "child ")),
    name: "research",
    description: "Researches.",
    params: named,
  });
}

/** The prompt over files and a world. */
export const durablePrompt = (world: World, fs: Filesystem): Prompt<{ seen: string }> =>
  definePrompt({
    ns: "test",
    key: "durable",
    output: z.object({ seen: z.string() }),
    sections: [
      section({
        key: "task",
        title: "Task",
        body: "Do all of it.",
        tools: [...durableTools(world), durableSubagent(world)],
        slices: [notes],
      }),
    ],
  }).bind({}, { resources: [files.bind(fs)] });

type Calls = readonly (readonly [tool: string, name: string])[];

/** The calls of each turn; the last turn has none. */
export const durableTurns: readonly Calls[] = [
  [
    ["look", "a"],
    ["look", "b"],
    ["look", "a"],
  ],
  [["write", "b"]],
  [
    ["write", "b"],
    ["look", "b"],
    ["look", "a"],
  ],
  [["pay", "one"]],
  [["book", "one"]],
  [["mail", "one"]],
  [["ship", "one"]],
  [["write", "bad"]],
  [
    ["look", "bad"],
    ["write", "c"],
  ],
  [
    ["approve", "it"],
    ["look", "c"],
  ],
  [
    ["look", "a"],
    ["look", "c"],
  ],
  [
    ["pay", "two"],
    ["book", "two"],
  ],
  [["nothing", "x"]],
  [
    ["write", "c"],
    ["mail", "two"],
  ],
  [
    ["ship", "two"],
    ["look", "c"],
  ],
  [["look", "a"]],
  [["write", "d"]],
  [
    ["look", "d"],
    ["research", "it"],
  ],
  [["pay", "three"]],
  [],
];

/** A model that calls the tools of {@link durableTurns}, and in the end tells what the tools of certain ends have told. */
export function durableModel(world: World, turns: readonly Calls[] = durableTurns, who = ""): Model {
  return {
    provider: "test",
    name: "durable",
    async generate(request) {
      const turn = request.messages.filter(({ role }) => role === "assistant").length;
      world.add(`model ${who}${turn}`);
      const calls = turns[turn] ?? [];
      const usage = { inputTokens: 10, outputTokens: 5 };
      if (calls.length === 0) {
        const text = JSON.stringify({ seen: sha256(certain(request)) });
        return { message: { role: "assistant", content: [{ type: "text", text }] }, finish: "stop", usage };
      }
      const content = calls.map(([name, arg], index) => ({
        type: "tool-call" as const,
        id: `c${turn}-${index}`,
        name,
        arguments: JSON.stringify({ name: arg }),
      }));
      return { message: { role: "assistant", content }, finish: "tool-calls", usage };
    },
  };
}

/** What tools told whose calls have one end only, wherever the process was killed. */
function certain({ messages }: ModelRequest): string {
  const results = messages.flatMap((message) => (message.role === "tool" ? message.content : []));
  return JSON.stringify(results.filter(({ name }) => name !== "mail" && name !== "book" && name !== "ship"));
}
