import { describe, expect, test } from "vitest";
import { unreasonedCasts } from "./support/casts.ts";
import { isTest, readSources } from "./support/source-tree.ts";

test("every cast and every any in src/ says why, on its line or on the line above", () => {
  const files = readSources("src").filter(({ path }) => !isTest(path));
  expect(files.flatMap(unreasonedCasts)).toEqual([]);
});

describe("the gate itself", () => {
  const check = (...lines: string[]): string[] => unreasonedCasts({ path: "a.ts", text: `${lines.join("\n")}\n` });

  test("names a cast without a reason", () => {
    expect(check("const a = b as string;")).toEqual(["a.ts:1 cast without a reason: const a = b as string;"]);
    expect(check("const a = <string>b;")).toHaveLength(1);
    expect(check("const a = b as unknown as string;")).toHaveLength(2);
    expect(check("// for b", "const b = 1 as number;", "const a = b as string;")).toHaveLength(1);
    expect(check("const b = 1 as number; // for b", "const a = b as string;")).toHaveLength(1);
  });

  test("takes a reason on the line or on the line above", () => {
    expect(check("const a = b as string; // parsed two lines ago")).toEqual([]);
    expect(check("// parsed two lines ago", "const a = b as string;")).toEqual([]);
    expect(check("const a =", "  // parsed two lines ago", "  b as string;")).toEqual([]);
  });

  test("lets const, renames, comments and strings pass", () => {
    expect(check("const a = [1] as const;", 'import { b as c } from "d";', "export { c as e };")).toEqual([]);
    expect(check("/* a as b, any */", 'const a = "b as c, any";', "const d = `${a} as any`;")).toEqual([]);
    expect(check("const a = b satisfies string;")).toEqual([]);
  });

  test("names an any without a reason, and takes one for the whole file", () => {
    expect(check("let a: any;", "type B = Map<string, any>;")).toHaveLength(2);
    expect(check("let a: any; // what JSON.parse gives")).toEqual([]);
    expect(check("// any: a section of any params", "type A<T extends B<any>> = T;", "let c: any;")).toEqual([]);
    expect(check("// any: a section of any params", "let a: any = b as string;")).toHaveLength(1);
  });
});
