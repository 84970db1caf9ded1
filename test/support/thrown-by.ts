import { WinkError } from "../../src/base/index.ts";

/** What a call throws, which must be an error of the library. */
export function thrownBy(call: () => unknown): WinkError {
  try {
    call();
  } catch (error) {
    if (WinkError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** What work rejects with, which must be an error of the library. */
export async function rejectionOf(work: Promise<unknown>): Promise<WinkError> {
  const error = await work.then(
    () => new Error("nothing was thrown"),
    (reason: unknown) => reason,
  );
  if (WinkError.is(error)) return error;
  throw error;
}
