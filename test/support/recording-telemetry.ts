/** A telemetry that keeps what it is given. */
import type { Span, SpanAttributes, SpanFailure, SpanStart, Telemetry } from "../../src/base/index.ts";

/** A span as it was told. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: SpanStart["kind"];
  readonly parent: string | undefined;
  readonly attributes: SpanAttributes;
  readonly failure: SpanFailure | undefined;
  readonly ended: number;
}

/** Keeps spans, in the order in which they began. */
export function recordingTelemetry(content = false): Telemetry & { readonly spans: readonly RecordedSpan[] } {
  const spans: RecordedSpan[] = [];
  const start = ({ name, kind, attributes }: SpanStart, parent: string | undefined): Span => {
    const kept = { name, kind, parent, attributes, failure: undefined as SpanFailure | undefined, ended: 0 };
    spans.push(kept);
    return {
      start: (begin) => start(begin, name),
      activate: (work) => work(),
      set(more) {
        kept.attributes = { ...kept.attributes, ...more };
      },
      end(failure) {
        kept.failure = failure;
        kept.ended++;
      },
    };
  };
  return { content, spans, start: (begin) => start(begin, undefined) };
}
