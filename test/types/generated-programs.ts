/** Programs of a size that nobody writes by hand, for limits and figures of the compiler. */
import { root } from "../support/source-tree.ts";

const head = `import { definePrompt, ok, section, tool } from "weakincentives";\nimport { z } from "zod";\n`;

const numbered = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** A prompt without sections, with one output. */
export const emptyPrompt = `${head}
export const prompt = definePrompt({ ns: "n", key: "k", output: z.object({ done: z.boolean() }), sections: [] });
`;

/** A prompt of sections that each have one param and bring tools with params and result. */
export function manySections(sections: number, toolsEach: number): string {
  const toolText = (name: string): string => `      tool({
        name: "${name}",
        description: "A tool.",
        effects: "none",
        params: z.object({ path: z.string(), limit: z.int().default(3) }),
        result: z.object({ text: z.string() }),
        handler: async ({ path, limit }) => ok({ text: path.slice(limit) }),
      }),\n`;
  const sectionText = (index: number): string => `    section({
      key: "s${index}",
      title: "S",
      params: z.object({ p${index}: z.string() }),
      body: "Look at {{p${index}}} and say what it is.",
      tools: [\n${numbered(toolsEach)
        .map((tool) => toolText(`t${index}_${tool}`))
        .join("")}      ],
    }),\n`;
  const given = numbered(sections).map((index) => `p${index}: "x"`);
  return `${head}
export const prompt = definePrompt({
  ns: "n",
  key: "k",
  output: z.object({ done: z.boolean() }),
  sections: [\n${numbered(sections).map(sectionText).join("")}  ],
}).bind({ ${given.join(", ")} });
`;
}

/** Sections written one inside the other, each with a param of its own. */
export function nestedSections(depth: number): string {
  const text = (level: number): string =>
    `section({ key: "s${level}", title: "S", params: z.object({ p${level}: z.string() }), body: "{{p${level}}}", ` +
    `sections: [${level + 1 < depth ? text(level + 1) : ""}] })`;
  return `${head}
const prompt = definePrompt({ ns: "n", key: "k", sections: [${text(0)}] });
prompt.bind({ ${numbered(depth)
    .map((level) => `p${level}: "x"`)
    .join(", ")} });
`;
}

/** One body with many placeholders, all of them params. */
export function manyPlaceholders(count: number): string {
  const body = numbered(count)
    .map((index) => `word ${index} {{name}} {{age}}`)
    .slice(0, Math.ceil(count / 2))
    .join(" and ");
  return `${head}
section({ key: "a", title: "A", params: z.object({ name: z.string(), age: z.int() }), body: "${body}" });
`;
}

/** Asserts for each text the names of its placeholders. */
export function placeholderNames(
  named: readonly { readonly text: string; readonly names: readonly string[] }[],
): string {
  const assertion = ({ text, names }: (typeof named)[number], index: number): string => {
    const problems = names.map((name) => JSON.stringify(`{{${name}}} is not declared in params`)).join(" | ");
    const expected = names.length === 0 ? JSON.stringify(text) : `TextProblem<${problems}, never>`;
    return `export const t${index}: Same<CheckedText<${JSON.stringify(text)}, {}>, ${expected}> = true;\n`;
  };
  return `import type { CheckedText, TextProblem } from "${root}/src/prompt/index.ts";
import type { Same } from "${root}/test/types/check.ts";
${named.map(assertion).join("")}`;
}
