import { expect } from "vitest";
import { WinkError } from "../../src/base/index.ts";
import { codesOf } from "./python-names.ts";

/** Holds work to `{ ok: value }` or `{ error: class }`. `shown` makes of the result what the case compares. */
export async function holds(
  expected: unknown,
  work: () => unknown,
  shown: (result: unknown) => unknown = (result) => result,
): Promise<void> {
  let result: unknown;
  try {
    result = await work();
  } catch (thrown) {
    if (!WinkError.is(thrown)) throw thrown;
    const { error } = expected as { readonly error?: string };
    if (error === undefined) throw thrown;
    expect(codesOf[error] ?? [], thrown.message).toContain(thrown.code);
    return;
  }
  expect({ ok: shown(result) }).toEqual(expected);
}
