/** Every error answers five questions: what was wrong, where, what was expected, what came, and what to do. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { memoryFiles, mountHost } from "../src/files/index.ts";
import {
  BudgetLedger,
  childEnv,
  createSession,
  deadlineAfter,
  definePrompt,
  dump,
  errorCodes,
  event,
  files,
  parse,
  SliceCleared,
  section,
  slice,
  type WinkError,
} from "../src/index.ts";
import { memoryJournal } from "../src/journal/index.ts";
import { gaps, madeNowhere } from "./support/error-gaps.ts";
import { errorPlaces, questions } from "./support/error-questions.ts";
import { isTest, readSources } from "./support/source-tree.ts";
import { rejectionOf } from "./support/thrown-by.ts";

describe("the places that make errors", () => {
  const places = errorPlaces(readSources("src").filter(({ path }) => !isTest(path)));

  test("answer every question that has no exception, and no exception is too much", () => {
    expect(gaps(places)).toEqual([]);
  });

  test("make each code of the table, and no other", () => {
    expect(madeNowhere(places)).toEqual([]);
    const codes = new Set(places.flatMap(({ codes }) => codes));
    expect([...codes].filter((code) => !Object.hasOwn(errorCodes, code))).toEqual(["any"]);
  });
});

test("the table says when each code is raised and what to do, in sentences", () => {
  const wrong = Object.entries(errorCodes).filter(([, { when, fix }]) =>
    [when, fix].some((text) => !/^[A-Z`].{8,}[.`)]$/.test(text) || text.split(" ").length < 3),
  );
  expect(wrong).toEqual([]);
});

const Read = event("file/read", z.object({ path: z.string() }));
const reads = slice({ name: "reads", item: Read.schema, reducers: () => [] });
const greeting = section({ key: "task", title: "Task", body: "Hi {{name}}", params: z.object({ name: z.string() }) });
const agent = definePrompt({ ns: "test", key: "greeter", sections: [greeting] });
const started = () => createSession({ id: "s", slices: [reads] });
const fs = memoryFiles({ "a.txt": "a", "d/b": "b", bytes: Uint8Array.of(0xff) });

/** A code, where it went wrong, what was expected and what came, of an error that is made by use of the library. */
type Sample = [code: string, at: string, expected: string, received: string, work: () => unknown];

test.each<Sample>([
  ["DEADLINE_INVALID", "deadline", "a positive number of milliseconds", "-1", () => deadlineAfter(-1)],
  [
    "BUDGET_INVALID",
    "budget",
    "one of inputTokens, outputTokens, totalTokens, cost, turns",
    "object {}",
    () => new BudgetLedger({}),
  ],
  [
    "ENVIRONMENT_INVALID",
    '"A=B"',
    "a name without '='",
    "one that has it",
    () => childEnv({ from: {}, home: "/", add: { "A=B": "" } }),
  ],
  ["SCHEMA_UNSUPPORTED", "schema", "a Standard Schema, such as one of Zod 4", "number 7", () => parse(7 as never, 1)],
  [
    "JSON_INVALID",
    "value",
    "plain data, or a schema with a codec that makes plain data of it",
    'object "1970-01-01T00:00:00.000Z"',
    () => dump(z.date(), new Date(0)),
  ],
  ["SLICE_CONFLICT", 'slice "reads"', "one slice object a name", "two", () => started().query({ ...reads })],
  [
    "SLICE_MISSING",
    'event "slice/cleared"',
    '"reads"',
    '"written"',
    () => started().dispatch(SliceCleared({ slice: "written" })),
  ],
  [
    "SNAPSHOT_FOREIGN",
    "snapshot",
    'a snapshot of session "s"',
    'one of session "other"',
    () => started().restore(createSession({ id: "other" }).snapshot()),
  ],
  [
    "EVENT_INVALID",
    'event "file/read"',
    "plain data that its schema takes in",
    'object {"path":1}',
    () => Read({ path: 1 as never }),
  ],
  [
    "PARAMS_INVALID",
    'bind of prompt "test:greeter", section "task"',
    "params for `name` (string)",
    "`name`: number 5",
    () => agent.bind({ name: 5 as never }),
  ],
  [
    "RESOURCE_DUPLICATE",
    'resource "files"',
    "one binding",
    "two",
    () => agent.bind({ name: "Ada" }, { resources: [files.bind(fs), files.bind(fs)] }),
  ],
  ["FILE_EXISTS", '"a.txt"', "nothing here", "a file", () => fs.writeText("a.txt", "", { mode: "create" })],
  ["FILE_IS_DIRECTORY", '"d"', "a file", "a directory", () => fs.readText("d")],
  ["FILE_NOT_TEXT", '"bytes"', "UTF-8", "other bytes", () => fs.readText("bytes")],
  ["PATTERN_INVALID", 'pattern "(?=a)", character 1', "RE2 syntax", '"(?=a)"', () => fs.grep("(?=a)")],
  [
    "MOUNT_INVALID",
    '"/nowhere/at/all"',
    "the path of a folder that can be read",
    "nothing there",
    () => mountHost({ root: "/nowhere/at/all" }),
  ],
  ["JOURNAL_MISSING", "memory", "a run that is there", "no runs at all", () => memoryJournal().read("run-1")],
])("%s says all five in its message", async (code, at, expected, received, work) => {
  const error = await errorOf(work);
  const { problem, fix, example } = error.parts;
  expect(error.code).toBe(code);
  expect(error.parts).toMatchObject({ at, expected, received });
  const end = example === undefined ? "" : ` Example: ${example}`;
  expect(error.message).toBe(`${at}: ${problem}. Expected ${expected}. Received ${received}. ${fix}${end}`);
});

/** The error of work that throws at once or later. */
const errorOf = async (work: () => unknown): Promise<WinkError> => rejectionOf((async () => await work())());

describe("the gate itself", () => {
  const declared = "declare class WinkError { constructor(code: string, parts: object); }\n";
  const check = (...lines: string[]): string[] =>
    gaps(errorPlaces([{ path: "src/planted.ts", text: `${declared}${lines.join("\n")}\n` }]), []);
  const lacks = (line: number, question: string): string =>
    `src/planted.ts:${line} KEY_TAKEN does not say: ${question}`;

  test("names a place that does not say what was expected, and lets one pass that says all", () => {
    expect(check('new WinkError("KEY_TAKEN", { problem: "p", at: "a", received: "r" });')).toEqual([
      lacks(2, "expected"),
    ]);
    expect(check('new WinkError("KEY_TAKEN", { problem: "p", at: "a", expected: "e", received: "r" });')).toEqual([]);
  });

  test("takes no answer that may be undefined, or is empty", () => {
    const planted = (at: string): string[] =>
      check(
        "declare const maybe: string | undefined;",
        `new WinkError("KEY_TAKEN", { problem: "p", at: ${at}, expected: "e", received: "r" });`,
      );
    for (const at of ["maybe", "undefined", "null", '""', 'maybe && "a"', "nobody as any", "nobody as unknown"])
      expect(planted(at), at).toEqual([lacks(3, "at")]);
    expect(planted('maybe ?? "a"')).toEqual([]);
  });

  const answered = 'problem: "p", at: "a", expected: "e"';

  test("takes no value of a package for an answer", () => {
    const planted = (received: string): string[] =>
      check(
        'import { version } from "some-package";',
        `new WinkError("KEY_TAKEN", { ${answered}, received: ${received} });`,
      );
    expect(planted("version")).toEqual([lacks(3, "received")]);
    expect(planted("`version ${version}`")).toEqual([]);
  });

  test("takes no empty default for an answer, and looks for what calls give", () => {
    const made = 'new WinkError("KEY_TAKEN", { problem: "p", at: "a", expected: "e", received });';
    for (const helper of [
      `const made = (received = "") => ${made}`,
      `function made(received: string | null = null) { return ${made} }`,
    ])
      expect(check(helper, "made();", 'made("r");'), helper).toEqual([lacks(3, "received")]);
    const taken = `const made = ({ received = "" }: { received?: string } = {}) => ${made}`;
    expect(check(taken, "made({});", 'made({ received: "r" });')).toEqual([lacks(3, "received")]);
    expect(check(`const made = (received = "nothing") => ${made}`, "made();")).toEqual([]);
    expect(check(`const made = (received = "") => ${made}`, 'made(...["r"]);')).toEqual([lacks(3, "received")]);
  });

  test("takes no error without parts for one that says something", () => {
    const all = questions.map((question) => lacks(2, question));
    expect(check('new WinkError("KEY_TAKEN");')).toEqual(all);
    expect(check('new WinkError(...["KEY_TAKEN", {}]);')).toEqual(all.map((gap) => gap.replace("KEY_TAKEN", "any")));
    expect(check("new WinkError;")).toEqual(all.map((gap) => gap.replace("KEY_TAKEN", "any")));
  });

  /** Gaps of a file that stands beside one with the class and a helper. */
  const checkBeside = (...lines: string[]): string[] =>
    gaps(
      errorPlaces([
        {
          path: "src/made.ts",
          text: [
            "export declare class WinkError { constructor(code: string, parts: object); }",
            `export const made = (received?: string) => new WinkError("KEY_TAKEN", { ${answered}, received });`,
          ].join("\n"),
        },
        { path: "src/index.ts", text: 'export { WinkError as Failure, made as told } from "./made.ts";' },
        { path: "src/planted.ts", text: lines.join("\n") },
      ]),
      [],
    );

  test.each([
    ["a namespace", 'import * as B from "./made.ts";', "B.WinkError"],
    ["another name", 'import { Failure as Wrong } from "./index.ts";', "Wrong"],
    ["a constant", 'import { WinkError } from "./made.ts"; const Wrong = WinkError;', "Wrong"],
  ])("finds the class behind %s", (_what, line, name) => {
    const planted = `${line} import { made } from "./made.ts"; made("r");`;
    expect(checkBeside(planted, `new ${name}("KEY_TAKEN", { ${answered} });`)).toEqual([lacks(2, "received")]);
  });

  test.each([
    ["a namespace", 'import * as B from "./index.ts";', "B.told"],
    ["another name", 'import { told as wrong } from "./index.ts";', "wrong"],
  ])("finds the calls of a helper behind %s", (_what, line, name) => {
    expect(checkBeside(line, `${name}("r");`)).toEqual([]);
    expect(checkBeside(line, `${name}("r");`, `${name}();`)).toEqual([lacks(3, "received")]);
  });

  test.each(["const wrong = made; wrong();", "[undefined].map(made);", "export const helpers = { made };"])(
    "judges a helper where it stands when it is used otherwise than called: %s",
    (use) => {
      const gap = "src/made.ts:2 KEY_TAKEN does not say: received";
      expect(checkBeside('import { made } from "./made.ts";', 'made("r");', use)).toEqual([gap]);
      expect(checkBeside('import { made } from "./made.ts";', 'made("r"); type Made = typeof made;')).toEqual([]);
    },
  );

  test("follows codes and answers through functions to their calls", () => {
    const helper = [
      "interface Told { readonly expected?: string; readonly received: string }",
      'const made = (code: string, at: string, told: Told) => new WinkError(code, { problem: "p", at, ...told });',
      'const outer = (code: string) => made(code, "a", { expected: "e", received: "r" });',
    ];
    expect(check(...helper, 'made("KEY_TAKEN", "a", { received: "r" });', 'outer("KEY_TAKEN");')).toEqual([
      lacks(5, "expected"),
    ]);
    const taken =
      'function told({ at }: { at?: string }) { return new WinkError("KEY_TAKEN", { problem: "p", at, expected: "e", received: "r" }); }';
    expect(check(taken, "told({});", 'told({ at: "a" });')).toEqual([lacks(3, "at")]);
  });

  test("names exceptions that nobody needs, and codes that nobody makes", () => {
    const place = { file: "a.ts", line: 1, codes: ["KEY_TAKEN"], open: ["at"] } as const;
    const exception = { code: "KEY_TAKEN", files: ["a.ts"], why: "because" };
    expect(gaps([place], [{ ...exception, questions: ["at"] }])).toEqual([]);
    expect(gaps([place], [{ ...exception, questions: ["at", "received"] }])).toEqual([
      "not needed: KEY_TAKEN received a.ts",
    ]);
    expect(madeNowhere([place])).not.toContain("KEY_TAKEN");
    expect(madeNowhere([place])).toContain("JSON_INVALID");
  });
});
