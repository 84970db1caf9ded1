import type * as official from "@opentelemetry/api";
import { expectTypeOf, test } from "vitest";
import { type OpenTelemetryApi, openTelemetry } from "./index.ts";

declare const api: typeof official;

test("the official package fits as it is", () => {
  expectTypeOf<typeof official>().toExtend<OpenTelemetryApi>();
  openTelemetry(api, { content: true, tracerName: "mine" });
  // @ts-expect-error: a misspelt option
  openTelemetry(api, { contents: true });
});
