import { describe, expect, test } from "vitest";
import type { Message, ModelRequest } from "../index.ts";
import { type Move, offlineModel, offlineNotice, type PlanView } from "./index.ts";

const begin: Message = { role: "user", content: [{ type: "text", text: "Count the files." }] };
const list = { type: "tool-call", id: "call-1-1", name: "ls", arguments: '{"path":""}' } as const;
const broken = { type: "tool-call", id: "call-1-2", name: "ls", arguments: "[" } as const;
const after: readonly Message[] = [
  begin,
  { role: "assistant", content: [{ type: "text", text: "I look." }, list, broken] },
  { role: "tool", content: [{ type: "tool-result", id: "call-1-1", name: "ls", text: "a.ts", failed: false }] },
  { role: "assistant", content: [{ type: "text", text: "One." }] },
  { role: "user", content: [{ type: "text", text: "JSON, please." }] },
];
const request = (messages: readonly Message[]): ModelRequest => ({
  system: "You count.",
  messages,
  tools: [{ name: "ls", description: "Lists.", parameters: {} }],
});
const open = { signal: new AbortController().signal };
const ask = (move: Move, messages: readonly Message[] = [begin]) =>
  offlineModel({ plan: () => move }).generate(request(messages), open);

describe("offlineModel", () => {
  test("turns a plan's decisions into answers", async () => {
    expect(await ask({ calls: [{ name: "ls", arguments: { path: "" } }], text: "I look." })).toEqual({
      message: { role: "assistant", content: [{ type: "text", text: "I look." }, list] },
      finish: "tool-calls",
      usage: { inputTokens: 0, outputTokens: 0 },
      id: "offline-1",
    });
    expect(await ask({ say: "One." })).toMatchObject({ finish: "stop", message: { content: [{ text: "One." }] } });
    expect(await ask({ answer: { n: 1 } })).toMatchObject({
      finish: "stop",
      message: { content: [{ text: '{"n":1}' }] },
    });
  });

  test("numbers calls by turn", async () => {
    const { message, id } = await ask({ calls: [{ name: "ls", arguments: {} }] }, after);
    expect(message.content).toMatchObject([{ id: "call-3-1" }]);
    expect(id).toBe("offline-3");
  });

  test("a plan sees the transcript, and nothing else", async () => {
    const seen: PlanView[] = [];
    const model = offlineModel({
      name: "counter",
      plan: (view) => {
        seen.push(view);
        return { say: "." };
      },
    });
    expect(model).toMatchObject({ name: "counter", provider: "offline" });
    await model.generate(request(after), open);
    const [view] = seen;
    expect(view?.prompt).toBe("You count.\nCount the files.");
    expect(view?.has("ls")).toBe(true);
    expect(view?.has("rm")).toBe(false);
    const known = { name: "ls", arguments: { path: "" }, text: "a.ts", failed: false };
    const unknown = { name: "ls", arguments: {}, text: "", failed: false };
    expect(view?.calls).toEqual([known, unknown]);
    expect(view?.turns).toEqual([
      { text: "I look.", calls: [known, unknown], remark: undefined },
      { text: "One.", calls: [], remark: "JSON, please." },
    ]);
  });

  test("stops when aborted", async () => {
    const model = offlineModel({ plan: () => ({ say: "." }) });
    await expect(model.generate(request([begin]), { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
  });

  test("says what it is", () => {
    expect(offlineNotice).toMatch(/not a language model/);
  });
});
