import { describe, expect, it } from "vitest";
import { parseToolPath, type ToolPathOptions } from "../index.ts";
import { readToolPath } from "./tool-path.ts";

const pathOf = (text: string | null | undefined, options?: ToolPathOptions): string | undefined => {
  const parsed = parseToolPath(text, options);
  return parsed.ok ? parsed.path : undefined;
};

describe("parseToolPath", () => {
  it.each([
    ["src/main.py", "src/main.py"],
    ["/src//main.py/", "src/main.py"],
    [" a / b ", "a/b"],
    [".hidden/...", ".hidden/..."],
  ])("takes %j", (text, expected) => {
    expect(pathOf(text)).toBe(expected);
  });

  it.each(["", " / ", "src/./main.py", "..", "a/../b", "naïve.txt", "a\\b", "a\nb", "a/".repeat(17), "x".repeat(81)])(
    "refuses %j",
    (text) => {
      expect(pathOf(text)).toBeUndefined();
    },
  );

  it("takes off a prefix, once", () => {
    const options = { prefix: "/workspace/app" };
    expect(pathOf("/workspace/app/a.txt", options)).toBe("a.txt");
    expect(pathOf("workspace/app/workspace/app/a.txt", options)).toBe("workspace/app/a.txt");
    expect(pathOf("workspace/a.txt", options)).toBe("workspace/a.txt");
    expect(pathOf("/workspace/app", options)).toBeUndefined();
    expect(pathOf("/workspace/app", { ...options, allowRoot: true })).toBe("");
  });

  it("takes no path for the root where that is meant", () => {
    for (const text of ["", "/", null, undefined]) expect(pathOf(text, { allowRoot: true })).toBe("");
  });

  it("takes any name of what is there already", () => {
    expect(pathOf("naïve.txt", { existing: true })).toBe("naïve.txt");
    expect(pathOf("a\u0007", { existing: true })).toBeUndefined();
  });

  it("says what is wrong, and nothing meant for programmers", () => {
    expect(parseToolPath("é.txt")).toEqual({
      ok: false,
      problem:
        '"é.txt": A new file or directory cannot have this name. Expected printable ASCII. Received U+00E9 at position 1.',
    });
  });
});

it("tools take a leading ./ for what it means", () => {
  expect(readToolPath("./src/a", {})).toEqual({ ok: true, path: "src/a" });
  expect(readToolPath(".", { allowRoot: true })).toEqual({ ok: true, path: "" });
  expect(readToolPath("./", { allowRoot: true })).toEqual({ ok: true, path: "" });
  expect(readToolPath("./../a", {})).toMatchObject({ ok: false });
});
