import { expect, test } from "vitest";
import { z } from "zod";
import { appendAll, event, slice } from "../session/index.ts";
import { ok, tool } from "../tool/index.ts";
import { definePrompt, raw, section } from "./index.ts";

const Said = event("said", z.string());

/** Everything that a definition is made of, each part with a default that a case changes. */
interface Parts {
  readonly ns?: string;
  readonly key?: string;
  readonly section?: string;
  readonly title?: string;
  readonly body?: string;
  readonly params?: z.ZodObject;
  readonly extra?: boolean;
  readonly state?: { readonly text: string; readonly write: () => string };
  readonly tool?: string;
  readonly description?: string;
  readonly effects?: "none" | "workspace";
  readonly toolParams?: z.ZodObject;
  readonly result?: z.ZodType<string>;
  readonly handler?: () => ReturnType<typeof ok<string>>;
  readonly render?: (value: string) => string;
  readonly timeoutMs?: number;
  readonly version?: number;
  readonly policy?: "state" | "log";
  readonly output?: z.ZodObject;
}

function hashOf(parts: Parts = {}): string {
  const notes = slice({
    name: "notes",
    item: z.string(),
    version: parts.version ?? 1,
    policy: parts.policy ?? "state",
    reducers: (on) => [on(Said, appendAll())],
  });
  const ask = tool({
    name: parts.tool ?? "ask",
    description: parts.description ?? "Asks.",
    effects: parts.effects ?? "none",
    params: parts.toolParams ?? z.object({ what: z.string() }),
    result: parts.result ?? z.string(),
    render: parts.render ?? String,
    timeoutMs: parts.timeoutMs ?? 1_000,
    handler: parts.handler ?? (() => ok("one")),
  });
  const main = section({
    key: parts.section ?? "main",
    title: parts.title ?? "Main",
    params: parts.params ?? z.object({ name: z.string() }),
    body: raw(parts.body ?? "Hi {{name}}"),
    tools: [ask],
    slices: [notes],
  });
  const state = section({ key: "state", title: "State", body: parts.state ?? { text: "state/v1", write: () => "a" } });
  const more = section({ key: "more", title: "More", body: "more" });
  const template = definePrompt({
    ns: parts.ns ?? "test",
    key: parts.key ?? "p",
    sections: [main, state, ...(parts.extra ? [more] : [])],
    output: parts.output ?? z.object({ summary: z.string() }),
  });
  return template.compiled.hash();
}

const same = hashOf();

test("the hash is a SHA-256, the same for the same definition", () => {
  expect(same).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf()).toBe(same);
});

const changes: Record<string, Parts> = {
  "the namespace": { ns: "other" },
  "the key": { key: "q" },
  "a section's key": { section: "first" },
  "a title": { title: "Start" },
  "a text": { body: "Hello {{name}}" },
  "where a placeholder ends": { body: "Hi {{name}} " + "{{name}}" },
  "a param's schema": { params: z.object({ name: z.string().min(1) }) },
  "a section more": { extra: true },
  "the id of a text from state": { state: { text: "state/v2", write: () => "a" } },
  "a tool's name": { tool: "ask2" },
  "a tool's description": { description: "Asks a question." },
  "a tool's effects": { effects: "workspace" },
  "a tool's parameters": { toolParams: z.object({ what: z.string(), why: z.string() }) },
  "a tool's result": { result: z.string().max(9) },
  "a slice's version": { version: 2 },
  "a slice's policy": { policy: "log" },
  "the output": { output: z.object({ summary: z.string(), more: z.string() }) },
};

test.each(Object.entries(changes))("changes with %s", (_what, parts) => {
  expect(hashOf(parts)).not.toBe(same);
});

test("is another for each of these changes", () => {
  expect(new Set(Object.values(changes).map(hashOf)).size).toBe(Object.keys(changes).length);
});

const code: Record<string, Parts> = {
  "a handler": { handler: () => ok("two") },
  "what the model is shown of a value": { render: (value) => `<${value}>` },
  "a time-out": { timeoutMs: 5 },
  "the function of a text from state": { state: { text: "state/v1", write: () => "b" } },
  "how a text is indented": { body: "\n    Hi {{name}}\n  " },
};

test.each(Object.entries(code))("does not change with %s", (_what, parts) => {
  expect(hashOf(parts)).toBe(same);
});
