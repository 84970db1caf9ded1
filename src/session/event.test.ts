import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { createSession, event } from "./index.ts";

const FileRead = event("review/file-read", z.object({ path: z.string(), lines: z.int().default(0) }));

describe("an event", () => {
  test("is plain data: the type and what the schema gives out", () => {
    expect(FileRead({ path: "a.ts" })).toEqual({ type: "review/file-read", payload: { path: "a.ts", lines: 0 } });
    expect(FileRead.type).toBe("review/file-read");
  });

  test("drops what the schema drops, so that a session holds only what the schema allows", () => {
    const wide = { path: "a.ts", lines: 1, secret: true };
    expect(FileRead(wide).payload).toEqual({ path: "a.ts", lines: 1 });
  });

  test("may carry a payload that is no object", () => {
    expect(event("note/added", z.string())("hello").payload).toBe("hello");
    expect(event("note/cleared", z.null())(null).payload).toBeNull();
  });

  test("that does not fit is EVENT_INVALID, naming event and field", () => {
    const error = thrownBy(() => FileRead({ path: "a.ts", lines: 1.5 }));
    expect(error).toMatchObject({
      code: "EVENT_INVALID",
      details: { type: "review/file-read", problems: [{ path: "lines" }] },
    });
    expect(error.message).toMatch(/^event "review\/file-read": .*`lines`: .*int/);
  });

  test("names fields inside lists by their place", () => {
    const Planned = event("plan/made", z.object({ steps: z.array(z.object({ title: z.string() })) }));
    const wrong = { steps: [{ title: "a" }, { title: 2 }] } as never;
    expect(thrownBy(() => Planned(wrong)).details.problems).toMatchObject([{ path: "steps[1].title" }]);
  });

  test("with an asynchronous schema is SCHEMA_UNSUPPORTED", () => {
    const Later = event(
      "later/done",
      z.string().refine(async () => true),
    );
    expect(thrownBy(() => Later("x")).code).toBe("SCHEMA_UNSUPPORTED");
  });

  test("that cannot even be read fails with what its own code throws", () => {
    const payload = {
      get at(): Date {
        throw new RangeError("no such day");
      },
    };
    expect(() => event("any", z.any())(payload)).toThrow(new RangeError("no such day"));
    expect(() => createSession().fork().dispatch({ type: "by/hand", payload })).toThrow(new RangeError("no such day"));
  });

  test("whose schema throws is told from one that fits", () => {
    const address = z.string().transform((text) => new URL(text).href);
    expect(thrownBy(() => event("link/found", address)("no address")).message).toContain("Invalid URL");
  });
});

describe("the type of an event", () => {
  test.each(["a", "review/file-read", "a.b_c-d/0", "0a", "a".repeat(128)])("%j is well formed", (type) => {
    expect(event(type, z.string()).type).toBe(type);
  });

  test.each(["", "A", "file read", "-a", "/a", "a\n", "é", "a".repeat(129)])("%j is refused", (type) => {
    const error = thrownBy(() => event(type, z.string()));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain(JSON.stringify(type));
  });
});
