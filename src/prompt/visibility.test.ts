import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { appendAll, createSession, event, slice } from "../session/index.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import {
  definePrompt,
  type RenderedPrompt,
  raw,
  renderPrompt,
  type Section,
  section,
  step,
  taskExample,
  taskExamples,
  VisibilityCleared,
  VisibilitySet,
  visibility,
} from "./index.ts";

const named = (name: string): Tool => tool({ name, description: "Does.", effects: "none", handler: () => ok("done") });

const rules = section({
  key: "rules",
  title: "Rules",
  body: "All rules.",
  summary: "Rules of style.",
  visibility: "summary",
  tools: [named("lint")],
  sections: [
    section({ key: "names", title: "Names", body: "Whole words." }),
    section({
      key: "deep",
      title: "Deep",
      body: "Deep text.",
      summary: "Deep, in short.",
      visibility: "summary",
      tools: [named("dig")],
    }),
    section({ key: "off", title: "Off", body: "Off.", enabled: () => false }),
  ],
});
const facts = section({ key: "facts", title: "Facts", body: "Many.", summary: "Few.", visibility: "summary" });
const prompt = definePrompt({ ns: "test", key: "visible", sections: [rules, facts] }).bind();

const pathsOf = ({ sections }: RenderedPrompt): readonly string[] =>
  sections.map(({ path, visibility }) => (visibility === "full" ? path : `(${path})`));
const toolsOf = ({ tools }: RenderedPrompt): readonly string[] => tools.map(({ name }) => name);

describe("a summary", () => {
  test("stands for body, children and tools, and says how to see them", () => {
    const rendered = renderPrompt(prompt);
    // the summary tells of a section that may be switched off, so it does not read the same in every run
    expect(rendered.system).toBe("");
    expect(rendered.first).toBe(
      [
        "## 1. Rules (rules)",
        "Rules of style.",
        "---",
        '[This is a summary: call open_sections with "rules" to see it in full and to get its tools. It also holds: rules.names, rules.deep.]',
        "## 2. Facts (facts)",
        "Few.",
        "---",
        '[This is a summary: call read_section with "facts" to read it in full.]',
      ].join("\n\n"),
    );
    expect(toolsOf(rendered)).toEqual(["open_sections", "read_section"]);
    expect(pathsOf(rendered)).toEqual(["(rules)", "(facts)"]);
    expect(rendered.sections.map(({ tools }) => tools)).toEqual([[], []]);
    const opened = renderPrompt(prompt, { visibility: { rules: "full" } });
    expect(opened.sections.map(({ tools }) => tools)).toEqual([["lint"], [], [], []]);
  });

  const brief = (...sections: Section[]) =>
    renderPrompt(
      definePrompt({
        ns: "test",
        key: "brief",
        sections: [
          section({ key: "intro", title: "I", body: "I" }),
          section({ key: "s", title: "S", body: "", summary: "Short.", visibility: "summary", sections }),
          section({ key: "end", title: "E", body: "E", tools: [named("end")] }),
        ] as readonly Section[],
      }).bind(),
    );
  const leaf = (key: string, more: object = {}): Section => section({ key, title: "L", body: "L", ...more });

  test("names what stands directly in its section, to the last", () => {
    const { system } = brief(leaf("a", { sections: [leaf("deep")] }), leaf("b"));
    expect(system).toContain("It also holds: s.a, s.b.]");
  });

  test.each([
    ["a child", [leaf("a", { tools: [named("dig")] }), leaf("b")]],
    ["the last child", [leaf("a"), leaf("b", { tools: [named("dig")] })]],
    ["a child of a child", [leaf("a", { sections: [leaf("deep", { tools: [named("dig")] })] })]],
  ])("stands for tools when %s brings some", (_who, sections) => {
    const rendered = brief(...sections);
    expect(rendered.system).toContain('call open_sections with "s" to see it in full and to get its tools.');
    expect(toolsOf(rendered)).toEqual(["end", "open_sections"]);
  });

  test.each([
    ["no child brings some", [leaf("a")]],
    ["the child that would is off", [leaf("a", { tools: [named("dig")], enabled: () => false }), leaf("b")]],
    ["the last child, which would, is off", [leaf("a"), leaf("b", { tools: [named("dig")], enabled: () => false })]],
  ])("stands for no tools when %s", (_who, sections) => {
    const rendered = brief(...sections);
    expect(`${rendered.system}${rendered.first}`).toContain('call read_section with "s" to read it in full.');
    expect(toolsOf(rendered)).toEqual(["end", "read_section"]);
  });

  test("that is not shown changes nothing", () => {
    const both = section({ key: "s", title: "S", body: "Body.", summary: "Short." });
    const rendered = renderPrompt(definePrompt({ ns: "test", key: "full", sections: [both] }).bind());
    expect(rendered.system).toBe("## 1. S (s)\n\nBody.");
    expect(toolsOf(rendered)).toEqual([]);
  });

  test("shows its own placeholders, and nothing of the params of what it hides", () => {
    const hidden = section({ key: "h", title: "H", params: z.object({ secret: z.string() }), body: "{{secret}}" });
    const shown = section({
      key: "s",
      title: "S",
      params: z.object({ name: z.string() }),
      body: "x",
      summary: "About {{name}}.",
      visibility: "summary",
      sections: [hidden],
    });
    const { first } = renderPrompt(
      definePrompt({ ns: "test", key: "p", sections: [shown] }).bind({ name: "Ada", secret: "hush" }),
    );
    expect(first).toContain("About Ada.");
    expect(first).not.toContain("hush");
  });

  test("without placeholders needs no params", () => {
    const shown = section({
      key: "s",
      title: "S",
      params: z.object({ name: z.string() }),
      body: "About {{name}}.",
      summary: "About somebody.",
      visibility: "summary",
      enabled: () => true,
    });
    const template = definePrompt({ ns: "test", key: "p", sections: [shown] });
    const bound = (template.bind as () => ReturnType<typeof template.bind>)();
    expect(renderPrompt(bound).first).toContain("\n\nAbout somebody.\n\n");
    expect(thrownBy(() => renderPrompt(bound, { visibility: { s: "full" } })).code).toBe("PARAMS_INVALID");
  });

  test("may be empty", () => {
    const silent = section({ key: "s", title: "S", body: "x", summary: "", visibility: "full" });
    expect(renderPrompt(definePrompt({ ns: "test", key: "e", sections: [silent] }).bind()).system).toContain("x");
  });
});

describe("visibility", () => {
  test("that is chosen wins over the session, the session over the section", () => {
    const session = createSession({ slices: [visibility] });
    const show = (chosen?: "full" | "summary"): readonly string[] =>
      pathsOf(renderPrompt(prompt, { session, visibility: chosen === undefined ? {} : { rules: chosen } }));
    expect(show()).toEqual(["(rules)", "(facts)"]);
    session.dispatch(VisibilitySet({ prompt: "test:visible", section: "rules", visibility: "full" }));
    expect(show()).toEqual(["rules", "rules.names", "(rules.deep)", "(facts)"]);
    expect(show("summary")).toEqual(["(rules)", "(facts)"]);
    expect(show("full")).toEqual(["rules", "rules.names", "(rules.deep)", "(facts)"]);
  });

  test("is kept by prompt and section, and can be forgotten", () => {
    const session = createSession({ slices: [visibility] });
    const set = (name: string, path: string): void =>
      session.dispatch(VisibilitySet({ prompt: name, section: path, visibility: "full" }));
    set("test:other", "rules");
    expect(pathsOf(renderPrompt(prompt, { session }))).toEqual(["(rules)", "(facts)"]);
    set("test:visible", "rules");
    set("test:visible", "facts");
    set("test:visible", "facts");
    expect(session.query(visibility).all()).toHaveLength(3);
    session.dispatch(VisibilityCleared({ prompt: "test:visible", section: "rules" }));
    expect(pathsOf(renderPrompt(prompt, { session }))).toEqual(["(rules)", "facts"]);
    session.dispatch(VisibilityCleared({ prompt: "test:visible" }));
    expect(session.query(visibility).all()).toEqual([{ prompt: "test:other", section: "rules", visibility: "full" }]);
  });

  test("that a session keeps for sections that are gone is left alone", () => {
    const session = createSession({ slices: [visibility] });
    session.dispatch(VisibilitySet({ prompt: "test:visible", section: "gone", visibility: "full" }));
    session.dispatch(VisibilitySet({ prompt: "test:visible", section: "lost", visibility: "summary" }));
    session.dispatch(VisibilitySet({ prompt: "test:visible", section: "rules.names", visibility: "summary" }));
    expect(pathsOf(renderPrompt(prompt, { session }))).toEqual(["(rules)", "(facts)"]);
    const opened = renderPrompt(prompt, { session, visibility: { rules: "full" } });
    expect(pathsOf(opened)).toEqual(["rules", "rules.names", "(rules.deep)", "(facts)"]);
  });

  test("that a session keeps may be the summary of a section that shows itself in full", () => {
    const both = section({ key: "s", title: "S", body: "Body.", summary: "Short." });
    const session = createSession({ slices: [visibility] });
    session.dispatch(VisibilitySet({ prompt: "test:both", section: "s", visibility: "summary" }));
    const bound = definePrompt({ ns: "test", key: "both", sections: [both] }).bind();
    expect(pathsOf(renderPrompt(bound, { session }))).toEqual(["(s)"]);
  });

  test("chosen for a section that is not there, or has no summary, is told with the nearest", () => {
    const gone = thrownBy(() => renderPrompt(prompt, { visibility: { ruels: "full" } }));
    expect(gone.code).toBe("RENDER_FAILED");
    expect(gone.message).toContain(
      'section "ruels": There is no such section. Expected one of rules, rules.deep, facts.',
    );
    expect(gone.message).toContain('Did you mean "rules"?');
    const other = thrownBy(() => renderPrompt(prompt, { visibility: { rules: "Full" as never } }));
    expect(other.message).toContain('Received "rules": "Full".');
    const none = thrownBy(() => renderPrompt(prompt, { visibility: { "rules.names": "summary" } }));
    expect(none.message).toContain("The section cannot be shown so");
  });

  const gone = "There is no such section";
  const textless = "The section cannot be shown so: it has no such text";
  const mend = "Mend the section that the message names.";
  test.each([
    [
      { intor: "full" },
      `section "intor": ${gone}. Expected one of facts, rules.deep. Received "intor": "full". Did you mean "intro"? Example: visibility: { "facts": "full" }`,
    ],
    [
      { gone: "summary" },
      `section "gone": ${gone}. Expected one of facts, rules.deep. Received "gone": "summary". ${mend} Example: visibility: { "facts": "full" }`,
    ],
    [
      { "rules.deeq": "summary" },
      `section "rules.deeq": ${textless}. Expected one of facts, rules.deep. Received "rules.deeq": "summary". Did you mean "rules.deep"? Example: visibility: { "facts": "full" }`,
    ],
  ])("of %j is told with what could be chosen", (chosen, message) => {
    const deep = section({ key: "deep", title: "D", body: "", summary: "d" });
    const template = definePrompt({
      ns: "test",
      key: "v",
      sections: [
        section({ key: "intro", title: "I", body: "" }),
        facts,
        section({
          key: "rules",
          title: "R",
          body: "",
          sections: [
            section({ key: "names", title: "N", body: "" }),
            deep,
            section({ key: "deeq", title: "Q", body: "" }),
          ],
        }),
      ],
    });
    const error = thrownBy(() => renderPrompt(template.bind(), { visibility: chosen as never }));
    expect(error.message).toBe(`prompt "test:v", ${message}`);
    expect(error.details).toEqual({ section: Object.keys(chosen)[0] });
  });

  test.each([
    ["has no summaries", [section({ key: "intro", title: "I", body: "" })], "intro"],
    ["has no sections", [], "rules"],
  ])("in a prompt that %s cannot be chosen", (_what, sections: readonly Section[], shown) => {
    const bound = definePrompt({ ns: "test", key: "none", sections }).bind();
    const error = thrownBy(() => renderPrompt(bound, { visibility: { gone: "full" } }));
    expect(error.message).toBe(
      `prompt "test:none", section "gone": ${gone}. Expected no visibility: no section has a summary. Received "gone": "full". ${mend} Example: visibility: { "${shown}": "full" }`,
    );
  });

  test("may be a function of params and session, asked once a render", () => {
    let asked = 0;
    const chosen = section({
      key: "s",
      title: "S",
      params: z.object({ brief: z.boolean() }),
      body: "Long.",
      summary: "Short.",
      visibility: ({ params }) => {
        asked++;
        return params.brief ? "summary" : "full";
      },
    });
    const template = definePrompt({ ns: "test", key: "chosen", sections: [chosen] });
    expect(renderPrompt(template.bind({ brief: true })).first).toContain("Short.");
    expect(renderPrompt(template.bind({ brief: false })).first).toContain("Long.");
    expect(asked).toBe(2);
  });

  test("of a function that throws, or gives something else, names the section", () => {
    const choosing = (choose: () => unknown) => {
      const one = section({ key: "s", title: "S", body: "", summary: "x", visibility: choose as () => "full" });
      return thrownBy(() => renderPrompt(definePrompt({ ns: "test", key: "c", sections: [one] }).bind()));
    };
    const broken = choosing(() => {
      throw new Error("boom");
    });
    expect(broken).toMatchObject({ code: "RENDER_FAILED", details: { section: "s" } });
    expect(broken.message).toContain('section "s": The function for visibility threw: boom.');
    expect(choosing(() => "half").message).toBe(
      'section "s": The function for visibility gave something else. Expected "full" or "summary", at once. Received "half". Mend the section that the message names. Example: visibility: () => "summary"',
    );
    expect(choosing(async () => "full").message).toContain("Received a promise.");
  });

  test.each([
    ["no summary", { visibility: "summary" }, "A section without `summary` has nothing else to show"],
    ["a function and no summary", { visibility: () => "summary" }, "Received visibility: a function."],
    ["something else", { visibility: "half", summary: "x" }, "The visibility is none"],
  ])("with %s is refused when the section is defined", (_what, more, message) => {
    const error = thrownBy(() => section({ key: "s", title: "S", body: "", ...more } as never));
    expect(error.code).toBe("PROMPT_INVALID");
    expect(error.message).toContain(message);
  });
});

describe("the names of the tools that open and read", () => {
  test("belong to the library in a prompt with summaries, and to nobody in others", () => {
    const brings = (name: string, summary?: string) => {
      const one = section({ key: "s", title: "S", body: "", tools: [named(name)] });
      const two = section({
        key: "t",
        title: "T",
        body: "",
        ...(summary === undefined ? {} : { summary: raw(summary) }),
      });
      return definePrompt({ ns: "test", key: "names", sections: [one, two] });
    };
    expect(renderPrompt(brings("read_section").bind()).tools).toHaveLength(1);
    const error = thrownBy(() => brings("open_sections", "short"));
    expect(error.code).toBe("PROMPT_INVALID");
    expect(error.message).toContain('section "s": A tool is called "open_sections"');
  });
});

describe("examples of tasks that use a tool which is not offered", () => {
  const dig = named("dig");
  const lint = named("lint");
  const example = (key: string, ...used: Tool[]): Section<{}> =>
    taskExample({
      key,
      objective: "Use it",
      outcome: "Done.",
      steps: used.map((one) => step(one, { description: "Use it", params: {}, result: "done" })),
    });
  const shownOf = (more: object, body = ""): readonly string[] => {
    const brings = section({ key: "brings", title: "B", body: "", summary: raw("b"), tools: [dig], ...more });
    const parent =
      body === ""
        ? taskExamples({ examples: [example("one", dig), example("two", dig)] })
        : section({ key: "task-examples", title: "T", body: raw(body), sections: [example("one", dig)] });
    const other = section({ key: "other", title: "O", body: "", tools: [lint], sections: [example("three", lint)] });
    return pathsOf(renderPrompt(definePrompt({ ns: "test", key: "e", sections: [parent, brings, other] }).bind()));
  };

  test("are shown while it is", () => {
    expect(shownOf({})).toEqual([
      "task-examples",
      "task-examples.one",
      "task-examples.two",
      "brings",
      "other",
      "other.three",
    ]);
  });

  test("are not shown while it is hidden or off; a section of nothing else goes with them", () => {
    expect(shownOf({ visibility: "summary" })).toEqual(["(brings)", "other", "other.three"]);
    expect(shownOf({ enabled: () => false })).toEqual(["other", "other.three"]);
    expect(shownOf({ visibility: "summary" }, "Learn from these.")).toEqual([
      "task-examples",
      "(brings)",
      "other",
      "other.three",
    ]);
  });

  /** What is shown of a section at the second place, while `lint` is offered and `dig` is not. */
  const shownIn = (tried: Section): readonly string[] => {
    const start = section({ key: "start", title: "S", body: "" });
    const open = section({ key: "open", title: "O", body: "", tools: [lint] });
    const closed = section({ key: "closed", title: "C", body: "", tools: [dig], enabled: () => false });
    const sections: readonly Section[] = [start, tried, open, closed];
    const rendered = renderPrompt(definePrompt({ ns: "test", key: "e", sections }).bind());
    return pathsOf(rendered).filter((path) => path !== "start" && path !== "open");
  };
  const holding = (more: object): Section =>
    section({ key: "p", title: "P", body: "", sections: [example("one", dig)], ...more });
  const Seen = event("test/seen", z.string());
  const seen = slice({ name: "seen", item: z.string(), reducers: (on) => [on(Seen, appendAll())] });

  test("are not shown when one of several tools is missing, nor outside of any section", () => {
    expect(shownIn(example("two", lint, lint))).toEqual(["two"]);
    expect(shownIn(example("two", lint, dig))).toEqual([]);
    expect(shownIn(taskExamples({ examples: [example("two", dig, lint)] }))).toEqual([]);
  });

  test("leave the section as long as another example is shown", () => {
    expect(shownIn(taskExamples({ examples: [example("one", dig), example("two", lint)] }))).toEqual([
      "task-examples",
      "task-examples.two",
    ]);
  });

  test.each([
    ["a text from state", { body: { text: "t/v1", write: () => "" } }, ["p"]],
    ["tools", { tools: [named("own")] }, ["p"]],
    ["a slice", { slices: [seen] }, ["p"]],
    ["tools and slices", { tools: [named("own")], slices: [seen] }, ["p"]],
    ["a summary", { summary: "Short." }, ["p"]],
    ["another section", { sections: [example("one", dig), section({ key: "q", title: "Q", body: "" })] }, ["p", "p.q"]],
    ["nothing else", {}, []],
  ])("leave a section that holds %s", (_what, more, shown) => {
    expect(shownIn(holding(more))).toEqual(shown);
  });
});
