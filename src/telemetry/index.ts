/** `weakincentives/telemetry`: the spans of runs, sent to OpenTelemetry. */
export type { OpenTelemetryApi, OpenTelemetryContext, OpenTelemetrySpan, OpenTelemetryTracer } from "./api.ts";
export { type OpenTelemetryOptions, openTelemetry } from "./open-telemetry.ts";
