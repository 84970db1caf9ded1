import type { JsonObject } from "../base/index.ts";
import { type Effects, ok, type Tool, tool } from "../tool/index.ts";
import { type Draw, flip, generateParams, generateText, givenOf, pick, schemaOf } from "./generate-params.ts";

/** A tool, and what a test wants to know of it. */
export interface GeneratedTool {
  readonly tool: Tool;
  /** Stands in its description and in its examples, and nowhere else. */
  readonly mark: string;
  /** Arguments that fit. */
  readonly call: JsonObject;
  /** What the model sees of its result, whatever it is called with. */
  readonly answer: string;
}

const allEffects: readonly Effects[] = ["none", "workspace", "idempotent", "compensable", "external"];

/** Generates a tool: of any effects, with or without params, a result schema and examples. */
export function generateTool(draw: Draw, { name = "tool" }: { readonly name?: string } = {}): GeneratedTool {
  const mark = `<${name}>`;
  const effects = pick(draw, allEffects);
  const params = generateParams(draw, "param", 2);
  const call = givenOf(params);
  const says = generateText(draw);
  const form = draw(2); // text; an object; an object that the tool writes itself
  const returned = form === 0 ? says : { says };
  const examples = Array.from({ length: draw(2) }, (_, index) => ({
    description: `${mark} example ${index + 1}`,
    params: call,
    result: returned as never, // as: it is what the schema below takes in
  }));
  const made = tool({
    name,
    description: `${mark} Does as it is told.`,
    effects,
    ...(params.length > 0 || flip(draw) ? { params: schemaOf(params) } : {}),
    ...(form === 0 ? {} : { result: schemaOf([{ name: "says", value: says, fallback: undefined, given: true }]) }),
    ...(form === 2 ? { render: () => `${mark} ${says}` } : {}),
    examples,
    handler: () => ok(returned as never), // as: see above
    ...(effects === "compensable" ? { undo: () => undefined } : {}),
  });
  const answer = form === 0 ? says : form === 1 ? JSON.stringify(returned) : `${mark} ${says}`;
  return { tool: made, mark, call, answer };
}
