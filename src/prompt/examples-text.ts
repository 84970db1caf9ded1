/** The examples of tools, as models read them behind the body of the section that brings the tools. */
import type { Tool } from "../tool/index.ts";
import { callLines, indented } from "./example-lines.ts";

/** Writes the tools that have examples, as they are given; empty when none has. */
export function examplesText(tools: readonly Pick<Tool, "name" | "description" | "examples">[]): string {
  const lines = tools.flatMap(({ name, description, examples }) =>
    examples.length === 0
      ? []
      : [
          `- ${name}: ${description}`,
          `  - ${name} examples:`,
          ...examples.flatMap((example) => [
            `    - description: ${example.description}`,
            ...indented(6, callLines(example, "")),
          ]),
        ],
  );
  return lines.length === 0 ? "" : ["Tools:", ...lines].join("\n");
}
