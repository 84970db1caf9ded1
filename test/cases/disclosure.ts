import { expect } from "vitest";
import { z } from "zod";
import {
  definePrompt,
  type Prompt,
  type RenderedPrompt,
  renderPrompt,
  type Section,
  section,
} from "../../src/prompt/index.ts";
import { createSession, type SessionAccess } from "../../src/session/index.ts";
import { ok, type Tool, tool } from "../../src/tool/index.ts";
import { type Case, passed, type RunCase, type Verdict } from "./case.ts";
import { toolExamplesCase } from "./examples.ts";

const promptOf = (sections: readonly Section[]): Prompt =>
  definePrompt({ ns: "n", key: "k", sections: [...sections] }).bind({ name: "Ada" } as never); // as: the sections are a list, so nothing is known of their params

const wholeText = ({ system, first }: RenderedPrompt): string =>
  [system, first].filter((text) => text !== "" && text !== "Begin.").join("\n\n");

const simple = (key: string, body: string, sections: readonly Section[] = []): Section =>
  section({ key, title: key[0]?.toUpperCase() + key.slice(1), body: body as "text", sections: [...sections] }); // as: any text will do here

/** The tree that the case describes in words. */
function numbering({ expected }: Case): Verdict {
  const alpha = section({
    key: "alpha",
    title: "Alpha",
    params: z.object({ name: z.string() }),
    body: "Hi {{name}}.",
    sections: [simple("beta", "beta body", [simple("gamma", "gamma body")]), simple("delta", "delta body")],
  });
  const off = section({
    key: "off",
    title: "Off",
    body: "off",
    enabled: () => false,
    sections: [simple("kid", "kid")],
  });
  const zeta = simple("zeta", "", [simple("eta", "eta body")]);
  expect(wholeText(renderPrompt(promptOf([alpha, simple("epsilon", "eps"), off, zeta])))).toBe(expected);
  return passed;
}

const lookup = (name: string): Tool => tool({ name, description: "Look.", effects: "none", handler: () => ok("") });

const summarised = (key: string, tools: readonly Tool[], sections: readonly Section[] = []): Section =>
  section({
    key,
    title: key[0]?.toUpperCase() + key.slice(1),
    body: "whole",
    summary: "Short.",
    visibility: "summary",
    tools: [...tools],
    sections: [...sections],
  });

const inner = section({ key: "inner", title: "In", body: "inner body", tools: [lookup("lookup")] });
const tree = promptOf([
  summarised("ref", [], [simple("kid-a", "a"), simple("kid-b", "b")]),
  summarised("tooled", [lookup("other")]),
  summarised("wrap", [], [inner]),
]);

const headings = ({ system, first }: RenderedPrompt): readonly string[] =>
  `${system}\n${first}`.split("\n").filter((line) => line.startsWith("#"));

const textOf = (rendered: RenderedPrompt, path: string): string => {
  const found = rendered.sections.find((one) => one.path === path);
  return found === undefined ? "" : rendered[found.part].slice(found.start, found.end);
};

const disclosureTool = (text: string): string | undefined => /open_sections|read_section/.exec(text)?.[0];

function disclosure({ input, expected }: Case): Verdict {
  const { override = {} } = input as { override?: Readonly<Record<string, "full">> };
  const session = createSession();
  const rendered = renderPrompt(tree, { session, visibility: override });
  const known = expected as Record<string, unknown>;
  const suffixes = ["ref", "tooled", "wrap"].map((path) => [path, disclosureTool(textOf(rendered, path))]);
  expect({
    ...(known.suffix_tool === undefined ? {} : { suffix_tool: Object.fromEntries(suffixes) }),
    tools_offered: rendered.tools.map(({ name }) => name),
    ...(known.children_rendered === undefined
      ? {}
      : { children_rendered: rendered.sections.some(({ path }) => path.includes(".")) }),
    headings: headings(rendered),
  }).toEqual(expected);
  return passed;
}

function suffix({ expected }: Case): Verdict {
  const { separator, mentions_tool, mentions_key, lists_children } = expected as {
    separator: string;
    mentions_tool: string;
    mentions_key: string;
    lists_children: readonly string[];
  };
  const [heading, summary, line, notice = "", ...rest] = textOf(renderPrompt(tree), "ref").split("\n\n");
  expect([heading, summary, line, rest]).toEqual(["## 1. Ref (ref)", "Short.", separator, []]);
  expect(notice).toMatch(/^\[.*\]$/);
  expect(disclosureTool(notice)).toBe(mentions_tool);
  expect(notice).toContain(JSON.stringify(mentions_key));
  expect(notice).toContain(lists_children.map((key) => `${mentions_key}.${key}`).join(", "));
  return passed;
}

async function readWithoutParams({ expected }: Case): Promise<Verdict> {
  const withParams = section({
    key: "wp",
    title: "Wp",
    params: z.object({ name: z.string() }),
    body: "child of wp, {{name}}",
  });
  const only = summarised("whole", [], [simple("np", "child of np"), withParams]);
  const rendered = renderPrompt(promptOf([only]));
  const read = rendered.tools.find(({ name }) => name === "read_section");
  const session: SessionAccess = createSession();
  const result = await read?.handler({ section_key: "whole" }, { session });
  const { content_includes } = expected as { content_includes: readonly string[] };
  for (const text of content_includes) expect(String(result?.ok && result.value)).toContain(text);
  return passed;
}

function fieldDescription({ expected }: Case): Verdict {
  const params = z.object({ x: z.string().describe("identifier") });
  const look = tool({ name: "look", description: "Look.", effects: "none", params, handler: () => ok("") });
  const only = section({ key: "s", title: "S", body: "", tools: [look] });
  const [offered] = renderPrompt(promptOf([only])).tools;
  expect({ "schema.properties.x.description": offered?.parameters }).toMatchObject({
    "schema.properties.x.description": {
      properties: { x: { description: (expected as Record<string, unknown>)["schema.properties.x.description"] } },
    },
  });
  return passed;
}

/** What holds of sections that are numbered, summarised, opened and read. */
export const disclosures: Readonly<Record<string, RunCase>> = {
  render: (one) => (one.id === "render-087" ? numbering(one) : toolExamplesCase(one)),
  disclosure,
  "disclosure.suffix": suffix,
  "bug-540": readWithoutParams,
  "bug-553": fieldDescription,
};
