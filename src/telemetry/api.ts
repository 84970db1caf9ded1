/** The part of `@opentelemetry/api` that is needed, so that the package itself is not. */
import type { SpanAttributes } from "../base/index.ts";

/** A context: what knows the active span. */
export interface OpenTelemetryContext {
  getValue(key: symbol): unknown;
}

/** A span of the SDK. */
export interface OpenTelemetrySpan {
  setAttributes(attributes: SpanAttributes): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

/** Makes spans. */
export interface OpenTelemetryTracer {
  startSpan(
    name: string,
    options: { kind: number; attributes: SpanAttributes },
    context?: OpenTelemetryContext,
  ): OpenTelemetrySpan;
}

/** The package `@opentelemetry/api` as it is, or what does the same. */
export interface OpenTelemetryApi {
  readonly trace: {
    getTracer(name: string): OpenTelemetryTracer;
    setSpan(context: OpenTelemetryContext, span: OpenTelemetrySpan): OpenTelemetryContext;
  };
  readonly context: {
    active(): OpenTelemetryContext;
    with(context: OpenTelemetryContext, work: () => void): void;
  };
}
