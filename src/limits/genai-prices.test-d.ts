import type * as list from "@pydantic/genai-prices";
import { expectTypeOf, test } from "vitest";
import { type FactsOf, type GenaiPricesPackage, genaiPrices } from "./index.ts";

declare const published: typeof list;

test("the package fits as it is", () => {
  expectTypeOf<typeof list>().toExtend<GenaiPricesPackage>();
  expectTypeOf(genaiPrices(published)).toEqualTypeOf<FactsOf>();
  // @ts-expect-error: not a list
  genaiPrices({});
});
