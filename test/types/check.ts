/** The words that type cases are written with. Case files are compiled and never run. */

/** Whether two types are the same, not only assignable to each other. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** What {@link typeOf} gives. */
export interface TypeOf<Actual> {
  /** Does not compile unless the type is exactly the expected one; the error shows both. */
  is<Expected>(
    ...difference: Same<Actual, Expected> extends true ? [] : [{ expected: Expected; received: Actual }]
  ): void;
}

/** One case. What must not compile has a line `// error: …` right above the line of the error; see `expectation.ts`. */
export declare function check(name: string, body: () => unknown): void;

/** Looks at the type of a value: `typeOf(value).is<string>()`. */
export declare function typeOf<Actual>(value: Actual): TypeOf<Actual>;

/** A value of a type that is needed only as a type. */
export declare function some<T>(): T;
