import {
  aName,
  anObject,
  anything,
  checkOptions,
  having,
  kind,
  messageFrom,
  type OptionKinds,
  shownValue,
  WinkError,
} from "../../base/index.ts";

/** What a driver over a client takes. */
interface Driver {
  /** The function that makes the model. */
  readonly at: string;
  readonly settings: OptionKinds;
  /** What the client must be, and the way to the method that is called: `chat.completions.create`. */
  readonly client: string;
  readonly method: string;
}

/** Throws `INPUT_INVALID` for options of a driver that no server could take: unknown names, wrong values, no model, another client. */
export function checkDriver({ at, settings, client, method }: Driver, options: unknown): void {
  const model = kind("the provider's name for the model", aName.fits);
  const kinds = { client: anything, model, settings: anObject, clock: having("now") };
  checkOptions(at, options, kinds);
  const given = options as Readonly<Record<string, unknown>>; // as: that was just checked
  let called: unknown = given.client;
  for (const name of method.split(".")) called = called && Reflect.get(Object(called), name);
  if (typeof called !== "function") throw missing(`${at}, client`, `${client}, with \`${method}\``, given.client);
  if (given.model === undefined) throw missing(`${at}, model`, model.expected, undefined);
  checkOptions(`${at}, settings`, given.settings ?? {}, settings);
}

/** A client is told by its class alone: it holds keys. */
function missing(at: string, expected: string, received: unknown): WinkError {
  const isClient = typeof received === "object" && received !== null;
  const shown = isClient ? `an object of class ${messageFrom(received.constructor?.name, 80)}` : shownValue(received);
  return new WinkError("INPUT_INVALID", {
    at,
    problem: received === undefined ? "It is missing" : "This cannot be used",
    expected,
    received: typeof received === "function" ? `a function: ${messageFrom(received.name, 80)}` : shown,
  });
}
