import {
  aFlag,
  aText,
  checkKind,
  checkOptions,
  having,
  kind,
  type Span,
  type SpanStart,
  type Telemetry,
} from "../base/index.ts";
import type { OpenTelemetryApi, OpenTelemetryContext, OpenTelemetrySpan, OpenTelemetryTracer } from "./api.ts";

/** How spans are made. */
export interface OpenTelemetryOptions {
  /** The name of the tracer, which backends show as the scope of a span; `weakincentives` unless told. */
  readonly tracerName?: string | undefined;
  /** Whether messages, arguments, results and texts of errors are told too, redacted and cut; false unless told. */
  readonly content?: boolean | undefined;
}

/**
 * Sends the spans of runs to OpenTelemetry. `api` is the package `@opentelemetry/api`; without an SDK that is registered with it,
 * nothing is sent. What runs below a span is found by the SDK's context manager. Throws `INPUT_INVALID`.
 *
 * @example
 * import * as api from "@opentelemetry/api";
 * const adapter = modelAdapter(model, { telemetry: openTelemetry(api) });
 */
export function openTelemetry(api: OpenTelemetryApi, options: OpenTelemetryOptions = {}): Telemetry {
  checkKind("openTelemetry", api, anApi);
  checkOptions("openTelemetry", options, kinds);
  const { tracerName = "weakincentives", content = false } = options;
  // asked for at each span: an SDK may be registered later
  const tracer = (): OpenTelemetryTracer => api.trace.getTracer(tracerName);

  function start({ name, kind, attributes }: SpanStart, context: OpenTelemetryContext): Span {
    const options = { kind: kind === "client" ? clientKind : internalKind, attributes };
    return spanOf(tracer().startSpan(name, options, context));
  }

  function spanOf(span: OpenTelemetrySpan): Span {
    const below = (): OpenTelemetryContext => api.trace.setSpan(api.context.active(), span);
    return {
      start: (begin) => start(begin, below()),
      activate: (work) => api.context.with(below(), work),
      set: (more) => void span.setAttributes(more),
      end(failure) {
        if (failure !== undefined) {
          const { type, message } = failure;
          span.setAttributes({ "error.type": type });
          span.setStatus({ code: errorStatus, ...(message !== undefined && { message }) });
        }
        span.end();
      },
    };
  }

  return { content, start: (begin) => start(begin, api.context.active()) };
}

const anApi = kind('`import * as api from "@opentelemetry/api"`', (value) => {
  if (!having().fits(value)) return false;
  const { trace, context } = value as OpenTelemetryApi; // as: an object, of which nothing is taken for true
  return tracing.fits(trace) && contexts.fits(context);
});
const [tracing, contexts] = [having("getTracer", "setSpan"), having("active", "with")];
const kinds = { tracerName: aText, content: aFlag };

/** `SpanKind.INTERNAL`, `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of the API. */
const [internalKind, clientKind, errorStatus] = [0, 2, 2];
