/** Loads a prompt from a user's file, be it a template or bound already. */
import { applyOverrides, type CompiledTemplate, type Prompt, type PromptTemplate } from "../prompt/index.ts";
import type { Io } from "./io.ts";
import { type ExportKind, loadExport } from "./load-export.ts";

const promptKind: ExportKind<PromptTemplate | Prompt> = {
  name: "a prompt",
  example: "export const agent = definePrompt({ ns, key, sections });",
  is: (value): value is PromptTemplate | Prompt => isTemplate(value) || isPrompt(value),
};

/** Tells by its form: it may come from another copy of the package. */
const isTemplate = (value: unknown): value is PromptTemplate => hasNodes(value, "compiled");
const isPrompt = (value: unknown): value is Prompt => hasNodes(value, "template");

function hasNodes(value: unknown, name: string): boolean {
  if (typeof value !== "object" || value === null || !("bind" in value) || !(name in value)) return false;
  const inner: unknown = Reflect.get(value, name);
  return typeof inner === "object" && inner !== null && "nodes" in inner && Array.isArray(inner.nodes);
}

/** Gives the template or bound prompt that `FILE#EXPORT` names. */
export const loadPrompt = (address: string, io: Io): Promise<PromptTemplate | Prompt> =>
  loadExport(address, io, promptKind);

/** The template as its code defines it, also where the file has applied overrides. */
export function templateOf(loaded: PromptTemplate | Prompt): CompiledTemplate {
  if (isTemplate(loaded)) return loaded.compiled;
  return applyOverrides(loaded, { sections: new Map(), tools: new Map() }).template;
}

/** Binds params, over those that a bound prompt has. What tools borrow need not be given: no tool is going to run. */
export function bindForShow(loaded: PromptTemplate | Prompt, params: object): Prompt {
  if (!isTemplate(loaded)) return loaded.bind(params);
  const tokens = new Map(loaded.compiled.borrowings.map(({ token }) => [token.name, token]));
  return loaded.bind(params, { resources: [...tokens.values()].map((token) => token.bind(undefined)) });
}
