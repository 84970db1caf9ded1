/** Compares what errors leave unanswered with the one table of exceptions. */
import { errorCodes } from "../../src/base/error-codes.ts";
import { type Exception, exceptions as known } from "./error-exceptions.ts";
import type { Place } from "./error-questions.ts";

/** Each question that a place leaves open without an exception, and each part of an exception that no place needs. */
export function gaps(places: readonly Place[], exceptions: readonly Exception[] = known): string[] {
  const needed = new Set<string>();
  const found = places.flatMap(({ file, line, codes, open }) =>
    codes.flatMap((code) =>
      open.flatMap((question) => {
        const key = `${code} ${question} ${file}`;
        needed.add(key);
        return keysOf(exceptions).includes(key) ? [] : [`${file}:${line} ${code} does not say: ${question}`];
      }),
    ),
  );
  return [...found, ...keysOf(exceptions).flatMap((key) => (needed.has(key) ? [] : [`not needed: ${key}`]))];
}

const keysOf = (exceptions: readonly Exception[]): readonly string[] =>
  exceptions.flatMap(({ code, questions, files }) =>
    questions.flatMap((question) => files.map((file) => `${code} ${question} ${file}`)),
  );

/** The codes of the table that no place makes. */
export const madeNowhere = (places: readonly Place[]): string[] =>
  Object.keys(errorCodes).filter((code) => !places.some(({ codes }) => codes.includes(code)));
