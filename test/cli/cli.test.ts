import { describe, expect, test } from "vitest";
import { memoryOverrides } from "weakincentives/overrides";
import { wink } from "./harness.ts";

describe("wink", () => {
  test("--version prints the version", async () => {
    expect(await wink("--version")).toEqual({ code: 0, out: "1.2.3\n", err: "" });
  });

  test.each([[["--help"]], [["prompt", "--help"]], [["prompt", "show", "--help"]], [["help", "prompt"]]])(
    "%j says what FILE#EXPORT means and what exit codes mean",
    async (args) => {
      const { code, out, err } = await wink(...args);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^Usage: wink /);
      expect(out).toMatch(/FILE#EXPORT names a prompt: .*Exit codes: 0 fine, 1 /s);
    },
  );

  test("every command has an example that stands in its help", async () => {
    for (const command of [
      ["prompt", "show"],
      ...["status", "seed", "set", "delete", "diff"].map((name) => ["overrides", name]),
    ]) {
      const { out } = await wink(...command, "--help");
      expect(out).toContain(`Example:\n  wink ${command.join(" ")} src/agent.ts#agent`);
    }
  });

  test.each([
    [[], /Usage: wink /],
    [["prompt"], /Usage: wink prompt /],
    [["promt"], /^wink: unknown command 'promt' \(Did you mean prompt\?\)\n/],
    [["prompt", "shwo"], /^wink: unknown command 'shwo' \(Did you mean show\?\)\n/],
    [["prompt", "show"], /^wink: missing required argument 'FILE#EXPORT'\n/],
    [["prompt", "show", "a.ts", "b.ts"], /^wink: too many arguments/],
    [["prompt", "show", "a.ts", "--parms", "{}"], /^wink: unknown option '--parms' \(Did you mean --params\?\)\n/],
    [["prompt", "show", "a.ts", "--tag"], /^wink: option '--tag <tag>' argument missing\n/],
    [
      ["prompt", "show", "a.ts", "--tag", "Bad Tag"],
      /^wink: option '--tag <tag>' argument 'Bad Tag' is invalid\. Expected 1 to 64 of a-z, .* Example: --tag stable\n/,
    ],
  ])("wrong usage ends with 2, on standard error: %j", async (args, said) => {
    const { code, out, err } = await wink(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(said);
  });
});

test.each([
  "latest",
  "a",
  "1.0_x-y",
  "a".repeat(64),
  "",
  "A",
  "-a",
  ".a",
  "a b",
  "a/b",
  "../a",
  "a\n",
  "ä",
  "a".repeat(65),
])("--tag takes what stores take, and nothing else: %j", async (tag) => {
  const taken = await memoryOverrides()
    .load({ ns: "test", key: "cli", tag })
    .then(
      () => 0,
      () => 2,
    );
  expect(await wink("prompt", "show", "several.ts#bound", "--tag", tag)).toMatchObject({ code: taken });
});
