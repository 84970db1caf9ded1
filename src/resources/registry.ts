/** The resources of one prompt: which value stands for which token. */
// any: what is bound under a name may be of any type; its token keeps which
import { didYouMean, WinkError } from "../base/index.ts";
import { guarded } from "./guard.ts";
import type { Binding, Gate, Token } from "./token.ts";

/** Bindings by the name of their token. */
export type Resources = ReadonlyMap<string, Binding>;

/** Puts lists of bindings together, later lists win. Throws `RESOURCE_DUPLICATE` when one list binds a token twice. */
export function collectResources(lists: Iterable<readonly Binding[]>): Resources {
  const collected = new Map<string, Binding>();
  for (const list of lists) {
    const seen = new Set<string>();
    for (const binding of list) {
      const { name } = binding.token;
      if (seen.has(name)) {
        throw new WinkError("RESOURCE_DUPLICATE", {
          at: `resource "${name}"`,
          problem: "It is bound more than once in one list",
          expected: "one binding",
          received: "two",
          details: { resource: name },
        });
      }
      seen.add(name);
      collected.set(name, binding);
    }
  }
  return collected;
}

/** Throws `RESOURCE_MISSING` when nobody gives a token; `borrower` says who wants it. */
export function requireResource(resources: Resources, token: Token<any>, borrower: string): Binding {
  const binding = resources.get(token.name);
  if (binding !== undefined) return binding;
  const given = [...resources.keys()];
  throw new WinkError("RESOURCE_MISSING", {
    at: borrower,
    problem: `Nobody gives the resource "${token.name}"`,
    expected: `a binding of "${token.name}" in the section, the template or bind()`,
    received: given.length === 0 ? "no resources at all" : given.map((name) => JSON.stringify(name)).join(", "),
    fix: `${didYouMean(token.name, given)} Give it: bind(params, { resources: [${token.name}.bind(value)] }).`.trim(),
    details: { resource: token.name, given },
  });
}

/** What one call borrows, by the names its tool gave: a token each, and the value that stands for it. */
export type Borrowed = Readonly<Record<string, { readonly token: Token<any>; readonly value: unknown }>>;

/** The same as the call's handler sees it: each guarded by the call's gate. */
export function lend(borrowed: Borrowed, gate: Gate): Record<string, unknown> {
  const lent: Record<string, unknown> = {};
  for (const [name, { token, value }] of Object.entries(borrowed)) {
    lent[name] = token.guard === undefined ? guarded(value, gate) : token.guard(value, gate);
  }
  return lent;
}
