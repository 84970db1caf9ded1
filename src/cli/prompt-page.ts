/** What `wink prompt show` tells, and how it is laid out for people. */
import type { JsonObject } from "../base/index.ts";
import type { PromptHint, PromptTokens, ResolvedOverrides } from "../prompt/index.ts";
import type { SectionRow } from "./prompt-tree.ts";
import { schemaFields } from "./schema-fields.ts";
import { type Row, table } from "./table.ts";

/** What there is to say about a prompt; with `--json`, this is what is printed. */
export interface PromptPage {
  /** `ns:key`. */
  readonly prompt: string;
  readonly overrides: Pick<ResolvedOverrides<unknown, unknown>, "tag" | "applied" | "problems">;
  readonly sections: readonly SectionRow[];
  /** How many of the sections stand before the cache point. */
  readonly cachePoint: number;
  readonly tools: readonly { readonly name: string; readonly description: string; readonly parameters: JsonObject }[];
  /** The JSON Schema of the answer; null when it is free text. */
  readonly output: JsonObject | null;
  readonly tokens?: PromptTokens;
  readonly hints: readonly PromptHint[];
  readonly system: string;
  readonly first: string;
}

/** Lays a page out as text. */
export function promptPage(page: PromptPage): string {
  const { prompt, overrides, tools, output, hints, system, first } = page;
  const parts = [
    `${prompt}\n${overridden(overrides)}\n`,
    tree(page),
    tools.length === 0
      ? ""
      : table(
          ["tool", "description"],
          tools.map(({ name, description }) => [name, description]),
        ),
    answer(output),
    overrides.problems.map(({ message }) => `problem: ${message}\n`).join(""),
    hints.map(({ message }) => `hint: ${message}\n`).join(""),
    [rule("system text"), ended(system), rule("cache point; the first message"), ended(first)].join(""),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function overridden({ tag, applied }: PromptPage["overrides"]): string {
  const count = applied.sections.length + applied.tools.length;
  return count === 0 ? `no overrides "${tag}" apply` : `overrides "${tag}": ${count} in place`;
}

function answer(output: PromptPage["output"]): string {
  const rows = output === null ? [] : schemaFields(output);
  if (rows.length > 0) return table(["answer", "type", "", "description"], rows);
  return `answer: ${output === null ? "free text" : "JSON of a schema that names no fields"}\n`;
}

function tree({ sections, cachePoint, tokens }: PromptPage): string {
  const rows: Row[] = sections.map((row) => [
    row.number,
    `${"  ".repeat(row.depth)}${row.path}`,
    row.shown,
    row.stable ? "stable" : "",
    row.overridden.join(", "),
    row.tools.join(", "),
    row.tokens?.text ?? "",
    row.tokens?.tools ?? "",
  ]);
  rows.splice(cachePoint, 0, "---- cache point");
  if (tokens !== undefined) {
    rows.push(["", "tools of no section, form of the answer", "", "", "", "", "", tokens.rest]);
    rows.push(["", "all together", "", "", "", "", "", tokens.total]);
  }
  return table(["no.", "section", "shown", "", "overridden", "tools", "tokens", "of tools"], rows);
}

const rule = (text: string): string => `---- ${text} ${"-".repeat(Math.max(4, 74 - text.length))}\n`;

const ended = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
