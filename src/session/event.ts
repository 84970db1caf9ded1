/** Events: facts that happened, as plain data with a type. They are the only way to change a session. */
// any: the payload type of a definition does not depend on what it takes in
import {
  type FieldProblem,
  NotPlain,
  parse,
  plainCopy,
  problemsText,
  type Schema,
  shownValue,
  WinkError,
} from "../base/index.ts";
import type { JsonOnly } from "./json-only.ts";

/** A fact that happened. `type` reads as a noun and a past participle: `review/file-read`. */
export interface Event<Type extends string = string, Payload = unknown> {
  readonly type: Type;
  readonly payload: Payload;
  /** Set on events of a tool call that failed: only `log` slices and the history hold them. */
  readonly rolledBack?: true;
}

/**
 * Makes events of one type: call it with a payload. Throws `EVENT_INVALID` when the payload does not fit, or holds what JSON
 * cannot (a Date, NaN, an object of a class).
 */
export interface EventDefinition<Type extends string, Payload, Input = Payload> {
  (payload: Input): Event<Type, Payload>;
  readonly type: Type;
  readonly schema: Schema<Input, Payload>;
}

/** The payload type of an event definition: `type FileRead = Payload<typeof FileRead>`. */
export type Payload<Definition> = Definition extends EventDefinition<string, infer Out, any> ? Out : never;

/**
 * Defines a type of event. The payload is parsed when an event is made, so a session holds only what the schema gives out.
 * What is made is frozen all the way down.
 */
export function event<const Type extends string, Input, Out>(
  type: Type,
  schema: JsonOnly<Input, Out>,
): EventDefinition<Type, Out, Input> {
  if (!/^[a-z0-9][a-z0-9._/-]{0,127}$/.test(type)) {
    throw new WinkError("INPUT_INVALID", {
      at: "type",
      problem: "The type of an event is not well formed",
      expected: 'lower-case letters, digits, ".", "_", "-" and "/", like "review/file-read"',
      received: JSON.stringify(type),
    });
  }
  const known = schema as Schema<Input, Out>; // as: the check of its type is for the caller only
  const make = (payload: Input): Event<Type, Out> => {
    const parsed = parse(known, payload, { extra: "ignore" }); // an object of a wider type fits by the rules of TypeScript
    if (!parsed.ok) throw misfit(type, parsed.problems, payload);
    return plainEvent(type, parsed.value);
  };
  return Object.assign(make, { type, schema: known });
}

/** An event as it is dispatched: throws `EVENT_INVALID` for what is none, and takes off a mark that only the session sets. */
export function dispatched(event: Event): Event {
  // as: whoever has no types may give anything
  const given = event as unknown;
  if (typeof given !== "object" || given === null || !("type" in given) || typeof given.type !== "string") {
    throw new WinkError("EVENT_INVALID", {
      at: "dispatch",
      problem: "What was dispatched is no event",
      expected: "an object with a `type` and a `payload`, as an event definition makes it",
      received: given === null ? "null" : Array.isArray(given) ? "a list" : typeof given,
      fix: "Call the event's definition: session.dispatch(FileRead({ path })).",
    });
  }
  return event.rolledBack === undefined ? event : { type: event.type, payload: event.payload };
}

/** The same, as plain data that its maker cannot change any more, whether or not a definition has made it. */
export function dispatchedPlain(event: Event): Event {
  const given = dispatched(event);
  return Object.isFrozen(given) && Object.isFrozen(given.payload) ? given : plainEvent(given.type, given.payload);
}

function plainEvent<Type extends string, Out>(type: Type, payload: Out): Event<Type, Out> {
  try {
    return Object.freeze({ type, payload: plainCopy(payload) });
  } catch (error) {
    if (error instanceof NotPlain) throw misfit(type, [error], payload);
    throw error;
  }
}

function misfit(type: string, problems: readonly FieldProblem[], payload: unknown): WinkError {
  return new WinkError("EVENT_INVALID", {
    at: `event "${type}"`,
    problem: `The payload does not fit: ${problemsText(problems)}`,
    expected: "plain data that its schema takes in",
    received: shownValue(payload),
    details: { type, problems: problems.map(({ path, message }) => ({ path, message })) },
  });
}
