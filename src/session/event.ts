/** Events: facts that happened, as plain data with a type. They are the only way to change a session. */
import { parse, problemsText, type Schema, WinkError } from "../base/index.ts";
import type { JsonOnly } from "./json-only.ts";

/** A fact that happened. `type` reads as a noun and a past participle: `review/file-read`. */
export interface Event<Type extends string = string, Payload = unknown> {
  readonly type: Type;
  readonly payload: Payload;
  /** Set on events of a tool call that failed: only `log` slices and the ledger hold them. */
  readonly rolledBack?: true;
}

/** Makes events of one type: call it with a payload. Throws `EVENT_INVALID` when the payload does not fit. */
// any: the input side only matters to whoever calls the definition
export interface EventDefinition<Type extends string, Payload, Input = Payload> {
  (payload: Input): Event<Type, Payload>;
  readonly type: Type;
  readonly schema: Schema<Input, Payload>;
}

/** The payload type of an event definition: `type FileRead = Payload<typeof FileRead>`. */
export type Payload<Definition> = Definition extends EventDefinition<string, infer Out, any> ? Out : never;

/** Defines a type of event. The payload is parsed when an event is made, so a session holds only what the schema gives out. */
export function event<const Type extends string, Input, Out>(
  type: Type,
  schema: JsonOnly<Input, Out>,
): EventDefinition<Type, Out, Input> {
  if (!/^[a-z0-9][a-z0-9._/-]{0,127}$/.test(type)) {
    throw new WinkError("INPUT_INVALID", {
      problem: "The type of an event is not well formed",
      expected: 'lower-case letters, digits, ".", "_", "-" and "/", like "review/file-read"',
      received: JSON.stringify(type),
    });
  }
  const known = schema as Schema<Input, Out>; // as: the check of its type is for the caller only
  const make = (payload: Input): Event<Type, Out> => {
    const parsed = parse(known, payload);
    if (parsed.ok) return { type, payload: parsed.value };
    throw new WinkError("EVENT_INVALID", {
      at: `event "${type}"`,
      problem: `The payload does not fit: ${problemsText(parsed.problems)}`,
      details: { type, problems: parsed.problems.map(({ path, message }) => ({ path, message })) },
    });
  };
  return Object.assign(make, { type, schema: known });
}
