/** A collector on 127.0.0.1 that takes spans as OTLP over HTTP in JSON, and checks what it is sent. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const nanoseconds = z.string().regex(/^\d{10,20}$/);
const value = z.strictObject({
  stringValue: z.string().optional(),
  intValue: z.union([z.int(), z.string().regex(/^-?\d+$/)]).optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
  arrayValue: z.strictObject({ values: z.array(z.strictObject({ stringValue: z.string() })) }).optional(),
});
const attribute = z.strictObject({ key: z.string().min(1), value });
const spanForm = z
  .looseObject({
    traceId: z.string().regex(/^[0-9a-f]{32}$/),
    spanId: z.string().regex(/^[0-9a-f]{16}$/),
    parentSpanId: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    name: z.string().min(1),
    kind: z.int().min(1).max(5),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    attributes: z.array(attribute),
    events: z.array(z.unknown()),
    status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }),
  })
  .refine(({ startTimeUnixNano, endTimeUnixNano }) => BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano), {
    message: "ends before it begins",
  })
  .refine(({ attributes }) => new Set(attributes.map(({ key }) => key)).size === attributes.length, {
    message: "tells an attribute twice",
  });
const body = z.strictObject({
  resourceSpans: z.array(
    z.looseObject({
      scopeSpans: z.array(z.looseObject({ scope: z.looseObject({ name: z.string() }), spans: z.array(spanForm) })),
    }),
  ),
});

/** A span as the collector was sent it. */
export interface CollectedSpan {
  readonly id: string;
  readonly trace: string;
  readonly parent: string | undefined;
  readonly scope: string;
  readonly name: string;
  readonly kind: "internal" | "client" | "other";
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What is in error. */
  readonly failed: boolean;
  readonly message: string | undefined;
}

/** A collector that listens. */
export interface OtlpCollector extends AsyncDisposable {
  readonly url: string;
  /** In the order in which they ended. */
  readonly spans: readonly CollectedSpan[];
  /** What was wrong with what it was sent. */
  readonly violations: readonly string[];
  /** All that it was sent, as text. */
  text(): string;
}

/** Begins to listen. */
export async function otlpCollector(): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = [];
  const violations: string[] = [];
  let sent = "";
  const take = ({ method, url, headers }: IncomingMessage, text: string): void => {
    sent += text;
    if (method !== "POST" || url !== "/v1/traces") violations.push(`${method} ${url}`);
    if (!headers["content-type"]?.startsWith("application/json")) violations.push(`type ${headers["content-type"]}`);
    const parsed = body.safeParse(JSON.parse(text));
    if (parsed.success) spans.push(...spansIn(parsed.data));
    else violations.push(z.prettifyError(parsed.error));
  };
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    take(request, text);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // as: it listens on a port
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    spans,
    violations,
    text: () => sent,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansIn({ resourceSpans }: z.infer<typeof body>): CollectedSpan[] {
  return resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, kind, attributes, status }) => ({
        id: spanId,
        trace: traceId,
        parent: parentSpanId,
        scope: scope.name,
        name,
        kind: kind === 1 ? "internal" : kind === 3 ? "client" : "other",
        attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)])),
        failed: status.code === 2,
        message: status.message,
      })),
    ),
  );
}

function plain({ arrayValue, intValue, ...other }: z.infer<typeof value>): unknown {
  if (arrayValue !== undefined) return arrayValue.values.map(({ stringValue }) => stringValue);
  return intValue === undefined ? Object.values(other)[0] : Number(intValue);
}
