import { describe, expect, test } from "vitest";
import { createFakeClock } from "weakincentives/testing";
import { type Ran, wink, winkIn } from "./harness.ts";

const params = ["--params", '{"repository":"acme/app","depth":"quick"}'];
const show = (...args: readonly string[]): Promise<Ran> => wink("prompt", "show", ...args);
const shown = async (...args: readonly string[]): Promise<string> => {
  const { code, out, err } = await show(...args);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return out;
};

describe("wink prompt show", () => {
  test("prints the tree, the tools, the hints and the text", async () => {
    expect(await shown("agent.ts#agent", ...params)).toBe(`test/cli:agent
no overrides "latest" apply

no.  section        shown            tools
1    guide          full     stable  read_file
1.1    guide.tone   full     stable
---- cache point
2    request        full
3    style          summary  stable
3.1    style.names  hidden   stable
4    strict         off
5    end            full     stable

tool           description
read_file      Read one file of the repository.
open_sections  Open summarised sections: gives their full text, and their tools from the next turn on.

answer   type
summary  string  required

hint: "request" changes from run to run and stands before "style": 166 bytes that read the same in every run are not cached.
hint: "strict" changes from run to run and stands before "end": 40 bytes that read the same in every run are not cached.

---- system text ---------------------------------------------------------------
## 1. Guide (guide)

Read before you judge.
Say what you found.

### 1.1. Tone (guide.tone)

Be kind.
---- cache point; the first message --------------------------------------------
## 2. Request (request)

Look at acme/app, quick.

## 3. Style (style)

How we write code.

---

[This is a summary: call open_sections with "style" to see it in full and to get its tools. It also holds: style.names.]

## 5. End (end)

Stop when you are done.
`);
  });

  test("--json prints the same as data", async () => {
    const page = JSON.parse(await shown("agent.ts", ...params, "--json"));
    expect(page).toMatchObject({
      prompt: "test/cli:agent",
      cachePoint: 2,
      tools: [
        { name: "read_file", parameters: { required: ["path"] } },
        { name: "open_sections", parameters: { type: "object" } },
      ],
      output: { required: ["summary"] },
      hints: [
        { kind: "uncached", section: "request" },
        { kind: "uncached", section: "strict" },
      ],
    });
    expect(page.sections).toHaveLength(7);
    expect(page.sections[0]).toEqual({
      number: "1",
      path: "guide",
      depth: 0,
      shown: "full",
      part: "system",
      stable: true,
      overridden: [],
      tools: ["read_file"],
    });
    expect(page.system).toMatch(/^## 1\. Guide \(guide\)\n\nRead/);
    expect(page.first).toMatch(/Look at acme\/app, quick\./);
  });

  test("--open opens sections, also those that they stand in", async () => {
    const out = await shown("agent.ts", ...params, "--open", "style.names");
    expect(out).toMatch(/^3 +style +full +stable\n3\.1 +style\.names +full +stable +search$/m);
    expect(out).toContain("Short functions.");
    const { code, err } = await show("agent.ts", ...params, "--open", "stile");
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(
        /^wink: INPUT_INVALID: --open: .*"stile".*Did you mean "style"\? Example: --open style\n$/,
      ),
    });
  });

  test("--open may be repeated, and leaves what stands behind its value", async () => {
    const out = await shown("--open", "style", "--open", "style.names", "agent.ts", ...params);
    expect(out).toMatch(/^3\.1 +style\.names +full /m);
  });

  test("what --open cannot open is told", async () => {
    const off = await show("closed.ts", "--open", "secret", "--open", "orders");
    expect(off).toMatchObject({ code: 0, err: 'wink: section "secret" is off: there is nothing to open\n' });
    expect(off.out).toMatch(/^2 +orders +full /m);
    const { code, out, err } = await show("closed.ts", "--open", "task.today");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(
      /--open: The section has no summary to open\. Expected one of orders, secret\. Received "task\.today"\. Example/,
    );
    expect((await show("several.ts#bound", "--open", "task")).err).toMatch(/no section has a summary/);
  });

  test("tells what is hidden from what is off, the cache point also inside a section, and the fields of the answer", async () => {
    expect(await shown("closed.ts")).toContain(`
no.  section                 shown
1    task                    full     stable
---- cache point
1.1    task.today            full
2    orders                  summary  stable
3    secret                  off
4    task-examples           hidden   stable
4.1    task-examples.refund  hidden

tool           description
open_sections  Open summarised sections: gives their full text, and their tools from the next turn on.

answer   type                      description
verdict  "yes" | "no"    required  whether it may be
reasons  list of string  optional
`);
    const { sections } = JSON.parse(await shown("closed.ts", "--json"));
    expect(sections.slice(0, 2)).toMatchObject([{ part: "system" }, { part: "first" }]);
    expect(await shown("closed.ts", "--open", "orders")).toMatch(/^4\.1 +task-examples\.refund +full$/m);
  });

  test("--counter counts tokens", async () => {
    const out = await shown("agent.ts", ...params, "--counter", "counter.ts#words");
    expect(out).toMatch(/^no\. .* tokens {2}of tools\n1 .* read_file +12 +\d+$/m);
    expect(out).toMatch(/^ +all together +\d+$/m);
    const { tokens, sections } = JSON.parse(
      await shown("agent.ts", ...params, "--json", "--counter", "counter.ts#words"),
    );
    expect(tokens.total).toBeGreaterThan(tokens.rest);
    expect(sections[0].tokens).toEqual({ text: 12, tools: expect.any(Number) });
  });

  test.each([
    ["counter.ts#wrong", /INPUT_INVALID: counter\.ts#wrong: The counter did not give a number\..*Received string\./],
    ["counter.ts#broken", /INPUT_INVALID: counter\.ts#broken: The counter threw: no vocabulary/],
    ["counter.ts", /INPUT_INVALID: counter\.ts: The file exports more than one\. Expected one of .*counter\.ts#words/],
    ["several.ts#number", /The export is not a counter of tokens/],
  ])("a counter that cannot be used is told: %s", async (counter, said) => {
    const { code, out, err } = await show("agent.ts", ...params, "--counter", counter);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(said);
    expect(err).toMatch(/^wink: .*\n$/);
  });

  test("takes a bound prompt, and params over those that it has", async () => {
    expect(await shown("several.ts#bound")).toContain("Greet Ada.");
    expect(await shown("several.ts#bound", "--params", '{"name":"Bob"}')).toContain("Greet Bob.");
  });

  test("reads params from a file", async () => {
    expect(await shown("several.ts#template", "--params", "@params.json")).toContain("Greet Cleo.");
  });

  test("params that are missing or do not fit are told with all that are needed, ready to be filled in", async () => {
    for (const given of [[], ["--params", '{"repository":1}']]) {
      const { code, out, err } = await show("agent.ts", ...given);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/^wink: PARAMS_INVALID: .*section "request".*`repository`.*\n$/);
      expect(err).toContain(`Example: --params '{"repository":"…","depth":"quick"}'`);
    }
  });

  test.each([
    ["{", /--params: The params are not JSON\. Expected a JSON object, .*\. Received ./],
    ["[]", /--params: The params are not an object\. Expected a JSON object, .*\. Received list \[\]\./],
    ["@none.json", /--params @none\.json: The file cannot be read\. Expected .*\. Received ENOENT/],
  ])("params that are none: %s", async (given, said) => {
    const { code, err } = await show("agent.ts", "--params", given);
    expect(code).toBe(2);
    expect(err).toMatch(said);
  });

  test("a section that throws is told without a stack and without secrets", async () => {
    const { code, out, err } = await show("faulty.ts#throwing");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^wink: RENDER_FAILED: section "task": .*\n$/);
    expect(err).not.toContain("4f9a8b7c6d5e4f3a");
  });

  test("no text steers the terminal, and JSON stays what it is", async () => {
    expect(await shown("faulty.ts#steering")).toContain("Red: \\u001b[31m, \\u009b31m.\tTab. Back:\\u000dFore.");
    const json = await shown("faulty.ts#steering", "--json");
    expect(json).toMatch(/^[\n\x20-\x7e]*$/);
    expect(JSON.parse(json).system).toContain("Red: \u001b[31m, \u009b31m.\tTab. Back:\rFore.");
  });
});

describe("FILE#EXPORT", () => {
  test.each([
    [
      "no-such.ts",
      2,
      /INPUT_INVALID: no-such\.ts: There is no such file\. .*Received \/.*\/fixtures\/no-such.ts, where nothing is\..*src\/agent\.ts#agent/,
    ],
    ["agnet.ts", 2, /There is no such file\. .*Did you mean "agent\.ts"\?/],
    [
      "no/such/folder.ts#a",
      2,
      /There is no such file\. .*Received \/.*\/fixtures\/no\/such\/folder\.ts, where nothing is\./,
    ],
    ["agent.ts/deeper", 2, /There is no such file\./],
    [".", 2, /This is not a file\. .*Received \/.*\/fixtures, which is none\./],
    [
      "several.ts",
      2,
      /exports more than one\. Expected one of .*several\.ts#bound.*several\.ts#template\..*Say which one\. Example: several\.ts#alias/,
    ],
    ["several.ts#tmplate", 2, /does not export "tmplate"\..*Did you mean "template"\?/],
    ["several.ts#make", 2, /several\.ts#make: The export is not a prompt\..*Export what the function gives\./],
    ["several.ts#number", 2, /The export is not a prompt\..*Received a value of type number\./],
    ["several.ts#other", 2, /The export is not a prompt\..*Received another object\./],
    ["several.ts#toString", 2, /does not export "toString"/],
    ["counter.ts", 2, /does not export a prompt\..*Received the exports broken, words, wrong\./],
    [
      "throws.ts",
      2,
      /throws\.ts: The file cannot be imported\. Expected a file that .*\. Received password: \S*redacted\S* at somewhere\..*Run `node throws\.ts`/,
    ],
    ["hostile.ts#getter", 2, /hostile\.ts#getter: The export is not a prompt\..*Received another object\./],
    ["hostile.ts#proxy", 2, /The export is not a prompt\. Expected one of hostile\.ts#binds, hostile\.ts#good\./],
    ["undefinable.ts", 1, /PROMPT_INVALID: prompt "test\/cli:Wrong"/],
    ["params.json", 2, /params\.json: /],
  ])("%s", async (address, expected, said) => {
    const { code, out, err } = await show(address);
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(err).toMatch(said);
    expect(err).toMatch(/^wink: [A-Z_]+: .*\n$/);
  });

  test("hostile exports do not keep others from being used, and what they throw is one plain line", async () => {
    expect(await shown("hostile.ts#good")).toContain("Greet.");
    expect(await show("hostile.ts#binds")).toEqual({ code: 1, out: "", err: "wink: password: [redacted]\n" });
  });

  test("an import that takes long is told once", async () => {
    const clock = createFakeClock();
    let err = "";
    const tell = (text: string): void => {
      err += text;
    };
    void winkIn({ schedule: clock.schedule, err: tell }, "prompt", "show", "waits.ts");
    await clock.advanceAsync(4_999);
    expect(err).toBe("");
    await clock.advanceAsync(1);
    expect(err).toBe("wink: still importing waits.ts …\n");
    await clock.advanceAsync(600_000);
    expect({ err, pending: clock.pending() }).toEqual({ err: "wink: still importing waits.ts …\n", pending: 0 });
  });

  test("an import that has ended is not waited for any more", async () => {
    const clock = createFakeClock();
    for (const file of ["agent.ts", "throws.ts"]) await winkIn({ schedule: clock.schedule }, "prompt", "show", file);
    expect(clock.pending()).toBe(0);
  });
});

test("nothing that is printed shows a secret of the environment, and afterwards it is forgotten", async () => {
  const args = ["prompt", "show", "agent.ts#agent", "--params", '{"repository":"acme/app-9/x","depth":"quick"}'];
  const env = { ACME_TOKEN: "acme/app-9/x", PLAIN: "Read before you judge." };
  for (const more of [[], ["--json"]]) {
    const { code, out } = await winkIn({ env }, ...args, ...more);
    expect(code).toBe(0);
    expect(out).not.toContain("acme/app-9/x");
    expect(out).toContain("[redacted]");
    expect(out).toContain("Read before you judge.");
    if (more.length > 0) expect(JSON.parse(out)).toHaveProperty("prompt");
  }
  const { code, err } = await winkIn({ env }, "prompt", "show", "acme/app-9/x.ts");
  expect(code).not.toBe(0);
  expect(err).toMatch(/\[redacted\]/);
  expect(err).not.toContain("app-9");
  expect((await wink(...args)).out).toContain("acme/app-9/x");
});
