import { expect } from "vitest";
import { silentLogger, systemClock } from "../../src/base/index.ts";
import { type Binding, collectResources, ResourcePool, type Token, token } from "../../src/resources/index.ts";
import { rejectionOf } from "../support/thrown-by.ts";
import { type Case, mapped, passed, type RunCase, type Verdict } from "./case.ts";
import { holds } from "./expectation.ts";

const { signal } = new AbortController();
const poolOf = (bindings: readonly Binding[]): ResourcePool =>
  new ResourcePool(collectResources([bindings]), { logger: silentLogger, clock: systemClock, signal });
const given = async (pool: ResourcePool, of: Token<object>): Promise<unknown> =>
  (await pool.borrow({ it: of }, "a case")).it?.value;

const [a, b, c] = [token<object>("A"), token<object>("B"), token<object>("C")];

async function lifeTimes({ expected }: Case): Promise<Verdict> {
  const log: string[] = [];
  const noted = (name: string): object => {
    log.push(`${name}+`);
    return { name, [Symbol.dispose]: () => void log.push(`${name}-`) };
  };
  const pool = poolOf([
    a.provide(() => noted("A"), { eager: true }),
    b.provide(async (need) => {
      await need(a);
      return noted("B");
    }),
    c.provide(() => noted("C"), { scope: "tool-call" }),
  ]);
  await pool.start();
  log.push("started");
  const [firstB, secondB] = [await given(pool, b), await given(pool, b)];
  const seen: unknown[] = [];
  let cSame = false;
  for (const scope of [1, 2]) {
    await using call = pool.openCall();
    seen.push(await given(call, c));
    cSame = (await given(call, c)) === seen.at(-1);
    if (scope === 1) log.push("in scope");
  }
  await pool[Symbol.asyncDispose]();
  await pool[Symbol.asyncDispose]();
  const known = expected as { readonly log: readonly string[] };
  // what the case ends with is an instance made after the end, which nobody closes
  expect(known.log.at(-1)).toBe("C+");
  expect({
    log,
    "B same": firstB === secondB,
    "C same in scope": cSame,
    "C differs across": seen[0] !== seen[1],
  }).toEqual({ ...known, log: known.log.slice(0, -1) });
  expect((await rejectionOf(given(pool, c))).code).toBe("RESOURCE_SCOPE");
  return mapped("a resource of a call that is needed outside of one is refused: nobody would close it");
}

async function resources({ name, expected, ...rest }: Case): Promise<Verdict> {
  switch (name) {
    case "unbound":
      await holds(expected, () => given(poolOf([]), a));
      return passed;
    case "duplicate binding":
      await holds(expected, () => poolOf([a.bind({}), a.bind({})]));
      return passed;
    case "provider raises": {
      const pool = poolOf([a.provide(() => Promise.reject(new Error("no route")))]);
      await holds(expected, () => given(pool, a));
      return passed;
    }
    case "merge strict conflict": {
      const [one, other] = [{}, {}];
      expect(collectResources([[a.bind(one)], [a.bind(other)]]).get("A")?.value).toBe(other);
      return mapped("lists are put together so that what is nearer wins: bind() over the template over its sections");
    }
    case "tool-scope resource outside a scope":
      expect(expected).toEqual({ ok: true }); // the defect: an instance that nobody closes
      expect((await rejectionOf(given(poolOf([c.provide(() => ({}), { scope: "tool-call" })]), c))).code).toBe(
        "RESOURCE_SCOPE",
      );
      return passed;
    default:
      return lifeTimes({ name, expected, ...rest });
  }
}

/** What holds of resources and their scopes. */
export const resourceCases: Readonly<Record<string, RunCase>> = { resources };
