import { expect, test } from "vitest";
import { z } from "zod";
import { type Token, token } from "../resources/index.ts";
import { appendAll, event, slice } from "../session/index.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
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
  readonly effects?: "none" | "workspace" | "external" | "compensable";
  readonly undo?: () => void;
  readonly reconcile?: () => undefined;
  readonly borrows?: Record<string, Token<string>>;
  readonly enabled?: () => boolean;
  readonly item?: z.ZodType<string>;
  readonly indented?: boolean;
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
    item: parts.item ?? z.string(),
    version: parts.version ?? 1,
    policy: parts.policy ?? "state",
    reducers: (on) => [on(Said, appendAll())],
  });
  // the checks of what an effect demands are for people
  const ask = (tool as (definition: object) => Tool)({
    name: parts.tool ?? "ask",
    description: parts.description ?? "Asks.",
    effects: parts.effects ?? "none",
    params: parts.toolParams ?? z.object({ what: z.string() }),
    result: parts.result ?? z.string(),
    render: parts.render ?? String,
    timeoutMs: parts.timeoutMs ?? 1_000,
    undo: parts.undo,
    reconcile: parts.reconcile,
    resources: parts.borrows ?? {},
    handler: parts.handler ?? (() => ok("one")),
  });
  const main = section({
    key: parts.section ?? "main",
    title: parts.title ?? "Main",
    params: parts.params ?? z.object({ name: z.string() }),
    body: raw(parts.body ?? "Hi {{name}}"),
    ...(parts.enabled && { enabled: parts.enabled }),
    tools: [ask],
    slices: [notes],
  });
  const state = section({ key: "state", title: "State", body: parts.state ?? { text: "state/v1", write: () => "a" } });
  const more = section({ key: "more", title: "More", body: "more" });
  const literal = parts.indented
    ? section({ key: "literal", title: "Literal", body: "\n    a\n    b\n  " })
    : section({ key: "literal", title: "Literal", body: "a\nb" });
  const template = definePrompt({
    ns: parts.ns ?? "test",
    key: parts.key ?? "p",
    sections: [main, state, literal, ...(parts.extra ? [more] : [])],
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
  "what a tool borrows": { borrows: { shelf: token("store") } },
  "what a tool borrows it as": { borrows: { store: token("store") } },
  "the token of what a tool borrows": { borrows: { shelf: token("shelf") } },
  "an effect that may be reconciled": { effects: "external" },
  "a way to reconcile": { effects: "external", reconcile: () => undefined },
  "an effect that is undone": { effects: "compensable", undo: () => undefined },
  "a condition of a section": { enabled: () => true },
  "the items of a slice": { item: z.string().max(9) },
  "items of a slice without a JSON Schema": { item: z.custom<string>() },
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
  "how a literal is indented": { indented: true },
  "blank lines around the text of a file": { body: "\n\t\nHi {{name}}\n  " },
  "the line ends of a file": { body: "Hi {{name}}\r\n" },
};

test.each(Object.entries(code))("does not change with %s", (_what, parts) => {
  expect(hashOf(parts)).toBe(same);
});

test("changes with a summary, its visibility, and what happens while an outcome is unknown", () => {
  const hashWith = (more: object, onUnknown: "tell" | "suspend" = "tell"): string => {
    const send = tool({ name: "send", description: "Send.", effects: "external", onUnknown, handler: () => ok("") });
    const one = section({ key: "s", title: "S", body: "S", tools: [send], ...more });
    return definePrompt({ ns: "test", key: "p", sections: [one] }).compiled.hash();
  };
  const hashes = [
    hashWith({}),
    hashWith({}, "suspend"),
    hashWith({ summary: raw("short") }),
    hashWith({ summary: raw("shorter") }),
    hashWith({ summary: raw("short"), visibility: "summary" }),
    hashWith({ summary: raw("short"), visibility: () => "summary" }),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});
