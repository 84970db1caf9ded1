/** How tools and the final answer are told, as far as both APIs do it in one way. */
import type { JsonObject } from "../../base/index.ts";
import type { ModelRequest, OutputSpec } from "../index.ts";
import { formName, formText, withWords } from "../provider/index.ts";
import { dialectOf } from "./schema-dialect.ts";
import type { SharedSettings } from "./settings.ts";

/** A schema to send, and whether strict mode is asked for. */
interface SentSchema {
  readonly schema: JsonObject;
  readonly strict: boolean;
}

/** The form in which a schema is sent under the settings. */
export function sentSchema(schema: JsonObject, { strictSchemas = true }: SharedSettings): SentSchema {
  const dialect = dialectOf(schema);
  return strictSchemas && dialect.strict ? dialect : { schema, strict: false };
}

/** The form of the final answer with its name, as it stands in a body. */
export function namedSchema(output: OutputSpec, settings: SharedSettings): SentSchema & { readonly name: string } {
  return { name: formName(output), ...sentSchema(output.schema, settings) };
}

/** The system text; it tells the form of the answer in words to servers that are not given the schema. */
export function systemText({ system, output }: ModelRequest, { outputFormat }: SharedSettings): string {
  if (output === undefined || outputFormat === undefined || outputFormat === "json-schema") return system;
  return withWords(system, formText(output));
}
