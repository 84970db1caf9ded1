import { describe, expect, test } from "vitest";
import { violations } from "./support/architecture.ts";
import { house } from "./support/house.ts";
import { readSources } from "./support/source-tree.ts";

describe("the house", () => {
  test("src/ keeps the order, has no cycles, no reach past a public face and no long file", () => {
    expect(violations(readSources("src"), house)).toEqual([]);
  });

  test("test files stay under their limit of lines", () => {
    expect(
      violations(
        readSources("test").filter(({ path }) => path.endsWith(".test.ts")),
        house,
      ),
    ).toEqual([]);
  });
});

/** A small healthy tree; each case below plants one fault in it. */
const healthy = {
  "src/index.ts": 'export { parse } from "./base/index.ts";\nexport { run } from "./run/index.ts";\n',
  "src/base/index.ts": 'export { parse } from "./json.ts";\n',
  "src/base/json.ts": 'import { createHash } from "node:crypto";\nexport const parse = createHash;\n',
  "src/run/index.ts": 'export { run } from "./run.ts";\n',
  "src/run/run.ts": 'import { parse } from "../base/index.ts";\nexport const run = parse;\n',
  "src/run/run.test.ts": 'import { fake } from "../testing/index.ts";\nimport "vitest";\n',
  "src/model/openai/index.ts": "export const openai = 1;\n",
  "src/testing/index.ts": 'import "../model/openai/index.ts";\nimport "../run/conformance.ts";\nimport "zod";\n',
  "src/run/conformance.ts": "export const suite = 1;\n",
};

/** What the checker says of the healthy tree with these files added or replaced. */
const check = (planted: Record<string, string>): string[] =>
  violations(
    Object.entries({ ...healthy, ...planted }).map(([path, text]) => ({ path, text })),
    house,
  );

describe("the checker itself", () => {
  test("finds nothing in a healthy tree", () => {
    expect(check({})).toEqual([]);
  });

  test("names an import that goes up, of whatever kind", () => {
    const said = (line: string): string[] => check({ "src/base/id.ts": `\n${line}\n` });
    const expected = "src/base/id.ts:2 imports src/run/index.ts: run stands above base, arrows only go down";
    expect(said('import { run } from "../run/index.ts";')).toContain(expected);
    expect(said('import type { run } from "../run/index.ts";')).toContain(expected);
    expect(said('export { run } from "../run/index.ts";')).toContain(expected);
    expect(said('export const run = await import("../run/index.ts");')).toContain(expected);
    expect(said('export type Run = import("../run/index.ts").Run;')).toContain(expected);
    expect(said('// import { run } from "../run/index.ts";')).toEqual([]);
    expect(said("export const text = 'import \"../run/index.ts\"';")).toEqual([]);
  });

  test("names an import between two folders that stand side by side", () => {
    const said = check({
      "src/workspace/index.ts": "export const a = 1;\n",
      "src/mailbox/index.ts": 'import "../workspace/index.ts";\n',
    });
    expect(said).toEqual([
      "src/mailbox/index.ts:1 imports src/workspace/index.ts: mailbox and workspace stand side by side, arrows only go down",
    ]);
  });

  test("names a cycle between files once, wherever it is entered", () => {
    const said = check({
      "src/base/b.ts": 'import "./c.ts";\n',
      "src/base/a.ts": 'import type {} from "./b.ts";\n',
      "src/base/c.ts": 'import "./a.ts";\n',
    });
    expect(said).toEqual(["cycle: src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts"]);
  });

  test("names a reach past another folder's public face", () => {
    const said = check({ "src/run/turn.ts": 'import "../base/json.ts";\n' });
    expect(said).toEqual(["src/run/turn.ts:1 imports src/base/json.ts, past its public face src/base/index.ts"]);
  });

  test("names who imports the root entry or the folder above all", () => {
    const said = check({ "src/run/turn.ts": 'import "../index.ts";\nimport "../testing/index.ts";\n' });
    expect(said).toEqual([
      "src/run/turn.ts:1 imports src/index.ts: nothing in src/ imports the package's root entry",
      "src/run/turn.ts:2 imports src/testing/index.ts: testing stands above everything",
    ]);
  });

  test("names a long file, source or test", () => {
    const lines = (count: number): string => "// line\n".repeat(count);
    const said = check({
      "src/base/long.ts": lines(401),
      "src/base/full.ts": lines(400),
      "src/base/long.test.ts": lines(1_001),
      "src/base/full.test.ts": lines(1_000),
    });
    expect(said).toEqual([
      "src/base/long.ts has 401 lines, more than 400: split it by concept",
      "src/base/long.test.ts has 1001 lines, more than 1000: split it by concept",
    ]);
  });

  test.each(["\n", "\r", "\r\n", "\u2028"])("counts lines by whatever ends them: %j", (end) => {
    expect(check({ "src/base/long.ts": `${`// line${end}`.repeat(400)}//` })).toHaveLength(1);
    expect(check({ "src/base/full.ts": `${`// line${end}`.repeat(399)}//` })).toEqual([]);
  });

  test.each([
    ["createRequire", 'import { createRequire } from "node:module";'],
    ["createRequire", 'const { createRequire } = await import("node:module");'],
    ["createRequire", 'import * as m from "node:module";\nm.createRequire(import.meta.url)("../run/index.ts");'],
    ["getBuiltinModule", 'process.getBuiltinModule("node:child_process").fork("x");'],
    ["new Worker", 'new Worker(new URL("../run/index.ts", import.meta.url));'],
    ["new Worker", 'new threads.Worker("../run/index.ts");'],
    ["require", 'import run = require("../run/index.ts");'],
    ["require", 'require("../run/index.ts");'],
    ["a /// <reference>", '/// <reference path="../run/index.ts" />'],
    ["a /// <reference>", '/// <reference types="node" />'],
    ["a /// <reference>", '/// <reference lib="dom" />'],
  ])("names %s, a way to modules that is no import: %s", (what, text) => {
    const line = text.split("\n").length;
    expect(check({ "src/base/id.ts": `${text}\n` })).toContain(
      `src/base/id.ts:${line} has ${what}, which goes round the rules of imports`,
    );
    expect(check({ "src/base/id.test.ts": text })).toEqual([]);
    expect(check({ "src/base/id.ts": `export const text = ${JSON.stringify(text)};\n` })).toEqual([]);
  });

  test("names a package that is imported where it may not be, or too early", () => {
    const said = check({
      "src/base/id.ts": 'import "lodash/fp";\nimport { z } from "zod";\n',
      "src/files/grep.ts": 'import { RE2JS } from "re2js";\n',
      "src/files/lazy.ts": 'import type { RE2JS } from "re2js";\nexport const load = () => import("re2js");\n',
      "src/adapter/index.ts": 'export const load = () => import("openai");\n',
    });
    expect(said).toEqual([
      "src/base/id.ts:1 imports the package lodash, which src/ may not import",
      "src/base/id.ts:2 imports the package zod, allowed only in src/workspace/, src/testing/",
      "src/files/grep.ts:1 imports the package re2js statically, allowed only lazily",
      "src/adapter/index.ts:1 imports the package openai, allowed only in src/adapter/auto.ts",
    ]);
  });

  test("names who starts a process in another way than all", () => {
    const only = "allowed only in src/base/start-child.ts";
    const said = (text: string): string[] => check({ "src/run/turn.ts": `${text}\n` });
    expect(said('import { spawn } from "node:child_process";')).toEqual([
      `src/run/turn.ts:1 imports the package node:child_process, ${only}`,
    ]);
    expect(said('export const run = () => import("node:child_process");')).toEqual([
      `src/run/turn.ts:1 imports the package node:child_process, ${only}`,
    ]);
    expect(said('import "child_process";')).toEqual([
      "src/run/turn.ts:1 imports the package child_process, which src/ may not import",
    ]);
    expect(said('import cluster from "node:cluster";')).toEqual([
      "src/run/turn.ts:1 imports the package node:cluster, allowed only in no file",
    ]);
    expect(check({ "src/base/start-child.ts": 'import { spawn } from "node:child_process";\n' })).toEqual([]);
  });

  test("names a folder without a place, an import out of src/ and a stale exception", () => {
    const files = [{ path: "src/utils/index.ts", text: 'import "../../test/support/house.ts";\n' }];
    expect(violations(files, { ...house, longFiles: { "src/gone.ts": "was long once" } })).toEqual([
      "src/utils has no place in the order of the house",
      "src/gone.ts is listed as a long file and does not exist",
      "src/utils/index.ts:1 imports test/support/house.ts, outside src/",
    ]);
  });
});
