import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { entries } from "./support/house.ts";
import { apiFile, apiText, docProblem, readPublicApi } from "./support/public-api.ts";
import { root } from "./support/source-tree.ts";

const api = readPublicApi(entries);

test("every entry exports something", () => {
  expect([...api].filter(([, names]) => names.length === 0).map(([entry]) => entry)).toEqual([]);
});

test("every exported name has a doc comment whose first sentence stands alone", () => {
  const problems = [...api].flatMap(([entry, names]) =>
    names.flatMap((name) => {
      const problem = docProblem(name);
      return problem === undefined ? [] : [`${entry}: ${problem}`];
    }),
  );
  expect(problems).toEqual([]);
});

test("the committed lists in api/ hold the exported names; `npm run api:update` writes them", () => {
  const committed = readdirSync(join(root, "api")).map((name) => `api/${name}`);
  expect(committed.sort()).toEqual([...api.keys()].map(apiFile).sort());
  for (const [entry, names] of api) {
    const path = join(root, apiFile(entry));
    expect(existsSync(path) ? readFileSync(path, "utf8") : "", apiFile(entry)).toBe(apiText(names));
  }
});

describe("the gate itself", () => {
  const check = (doc: string): string | undefined =>
    docProblem({ name: "run", kind: "function", where: "a.ts:1", doc });

  test("names what has no doc comment, or none that stands alone", () => {
    expect(check("")).toBe("a.ts:1 run has no doc comment");
    expect(check("Runs a prompt")).toBe("a.ts:1 run: the first sentence does not end: Runs a prompt");
    expect(check(`${"Runs it. ".repeat(30)}`)).toBeUndefined();
    expect(check(`Runs ${"very ".repeat(20)}far.`)).toBe(
      "a.ts:1 run: the first sentence has 109 columns, more than 100",
    );
    expect(check("Runs a prompt.\n\nA second paragraph that is as long as it likes to be.")).toBeUndefined();
  });

  test("reads names, kinds and comments through re-exports", () => {
    const found = readPublicApi(new Map([["./fixture", "test/support/fixtures/public-api.ts"]]));
    const where = "test/support/fixtures/public-api.ts";
    expect(found.get("./fixture")).toEqual([
      { name: "Both", kind: "const type", where: `${where}:4`, doc: "Two things." },
      { name: "alone", kind: "const", where: `${where}:7`, doc: "" },
      {
        name: "renamed",
        kind: "const",
        where: expect.stringMatching(/^test.support.source-tree.ts:\d+$/),
        doc: "The root of this repository.",
      },
    ]);
  });
});
