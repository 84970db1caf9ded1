import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { token } from "../resources/index.ts";
import { fail, ok, type Tool, tool } from "./index.ts";

/** A tool as code without types would define it: a good definition with some fields changed. */
const loosely = (changes: object): Tool =>
  (tool as unknown as (definition: object) => Tool)({
    name: "ask",
    description: "Asks.",
    effects: "none",
    handler: () => ok("yes"),
    ...changes,
  });

describe("the name of a tool", () => {
  test.each(["a", "read_file", "read-file", "0", "_", "a".repeat(64)])("%j is well formed", (name) => {
    expect(loosely({ name }).name).toBe(name);
  });

  test.each(["", " a", "a ", "A", "read file", "read.file", "é", "a\n", "a".repeat(65)])("%j is refused", (name) => {
    const error = thrownBy(() => loosely({ name }));
    expect(error).toMatchObject({ code: "TOOL_INVALID", details: { tool: name } });
    expect(error.message).toContain("The name is not well formed. Expected 1 to 64 of a-z, 0-9, _ and -.");
  });
});

describe("the description of a tool", () => {
  test.each(["d", "Reads one file, or 2.", "~!@#", "d".repeat(200)])("%j is well formed", (description) => {
    expect(loosely({ description }).description).toBe(description);
  });

  test.each(["", " ", " d", "d ", "a\nb", "café", "tab\there", "d".repeat(201)])("%j is refused", (description) => {
    const error = thrownBy(() => loosely({ description }));
    expect(error.code).toBe("TOOL_INVALID");
    expect(error.message).toContain(`tool "ask": The description is not well formed.`);
    expect(error.parts).toMatchObject({ example: 'description: "Read one file of the repository."' });
  });
});

describe("the effects of a tool", () => {
  test.each(["none", "workspace", "idempotent", "external"] as const)("may be %s", (effects) => {
    expect(loosely({ effects }).effects).toBe(effects);
  });

  test.each([undefined, null, "", "None", "compensible"])("%j is refused: there is no default", (effects) => {
    const error = thrownBy(() => loosely({ effects }));
    expect(error.message).toContain('tool "ask": The effects are not declared. Expected none, workspace, idempotent,');
  });

  test("compensable ask for an undo", () => {
    const error = thrownBy(() => loosely({ effects: "compensable" }));
    expect(error.message).toContain("A compensable tool must give `undo`. Expected a function. Received undefined.");
    expect(loosely({ effects: "compensable", undo: () => undefined }).undo).toBeTypeOf("function");
  });

  test("external may say what happens while the outcome is unknown", () => {
    expect(loosely({ effects: "external" }).onUnknown).toBe("tell");
    expect(loosely({ effects: "external", onUnknown: "suspend" }).onUnknown).toBe("suspend");
  });
});

describe("the parameters of a tool", () => {
  test("are none unless told: an object that holds nothing", () => {
    expect(loosely({}).parameters).toEqual({ type: "object", properties: {}, additionalProperties: false });
  });

  test("are what the schema takes in, closed at every level", () => {
    const params = z.object({
      path: z.string().describe("Which file."),
      limit: z.int().default(2000),
      where: z.object({ line: z.number().transform(String) }),
      labels: z.record(z.string(), z.string()),
    });
    expect(loosely({ params }).parameters).toMatchObject({
      properties: {
        path: { type: "string", description: "Which file." },
        limit: { default: 2000 },
        where: { properties: { line: { type: "number" } }, additionalProperties: false },
        labels: { additionalProperties: { type: "string" } },
      },
      required: ["path", "where", "labels"],
      additionalProperties: false,
    });
  });

  test("may be a union of objects", () => {
    const params = z.discriminatedUnion("by", [
      z.object({ by: z.literal("id"), id: z.int() }),
      z.object({ by: z.literal("name"), name: z.string() }),
    ]);
    expect(loosely({ params }).parameters.oneOf).toMatchObject([
      { additionalProperties: false },
      { additionalProperties: false },
    ]);
  });

  test.each([
    ["a text", z.string(), "Received one of type"],
    ["a list", z.array(z.string()), "Received one of type"],
    ["without a JSON Schema", z.object({ at: z.date() }), "have no JSON Schema"],
  ])("cannot be %s", (_what, params, message) => {
    const error = thrownBy(() => loosely({ params }));
    expect(error.code).toBe("TOOL_INVALID");
    expect(error.message).toContain(message);
  });
});

describe("the rest of a tool", () => {
  test("has two minutes unless told", () => {
    expect(loosely({}).timeoutMs).toBe(120_000);
    expect([loosely({}).costly, loosely({ costly: true }).costly]).toEqual([false, true]);
    expect(loosely({ timeoutMs: 0.5 }).timeoutMs).toBe(0.5);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("cannot have a time-out of %d", (timeoutMs) => {
    const error = thrownBy(() => loosely({ timeoutMs }));
    expect(error.message).toContain(
      `The time-out is wrong. Expected a positive number of milliseconds. Received ${timeoutMs}.`,
    );
  });

  test("has a handler", () => {
    expect(thrownBy(() => loosely({ handler: undefined })).message).toContain("The handler is missing");
  });

  test.each(["session", "signal", "clock", "random", "newId", "logger", "runId", "callId", "key"])(
    "borrows nothing under the name %s, which the context has itself",
    (name) => {
      const error = thrownBy(() => loosely({ resources: { [name]: token("store") } }));
      expect(error.code).toBe("TOOL_INVALID");
      expect(error.message).toContain(`A resource cannot be called "${name}"`);
    },
  );

  test("shows text as it is and anything else as compact JSON, unless told", () => {
    const shown = loosely({}).render;
    expect([shown("a\nb"), shown({ a: [1, null] }), shown(7), shown(null), shown(undefined)]).toEqual([
      "a\nb",
      '{"a":[1,null]}',
      "7",
      "null",
      "",
    ]);
    expect(loosely({ render: (value: string) => `<${value}>` }).render("a")).toBe("<a>");
  });
});

describe("a result", () => {
  test("is plain data", () => {
    expect(ok(1)).toEqual({ ok: true, value: 1, message: "" });
    expect(ok({ a: 1 }, "Done.")).toEqual({ ok: true, value: { a: 1 }, message: "Done." });
    expect(fail("No such file")).toEqual({ ok: false, message: "No such file" });
  });
});
