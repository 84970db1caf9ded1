/**
 * The spans of one run, by OpenTelemetry's conventions for GenAI: one around the run, one around each call of a model, one around each
 * handler. They tell what is done now, not what a record holds. Texts are redacted here, before any telemetry sees them, and what a
 * telemetry throws ends here.
 */
import { messageFrom, type Span, type SpanAttributes, type Telemetry, WinkError } from "../base/index.ts";
import type { RunStarted } from "../journal/index.ts";
import { addUsage, type Usage } from "../limits/index.ts";
import type { Finish, Model, ModelRequest, ModelResponse } from "../model/index.ts";
import type { Tool } from "../tool/index.ts";
import type { Ending } from "./outcome.ts";
import {
  answerContent,
  argumentsContent,
  requestContent,
  resultContent,
  type SpanContent,
  short,
} from "./span-content.ts";

/** What spans tell of their run. */
export interface RunFacts {
  readonly runId: string;
  readonly prompt: string;
  readonly session: string;
  /** The model that the run begins with. */
  readonly model: Model;
  /** Whether an earlier process began the run. */
  readonly resumed: boolean;
  readonly parent: RunStarted["parent"];
  /** Aborts when the run must end. */
  readonly signal: AbortSignal;
}

/** What a model is asked for. */
export interface AskedFor {
  readonly turn: number;
  /** The how manyth time somebody is asked for it. */
  readonly attempt: number;
  /** For a summary of earlier turns rather than the answer of this one. */
  readonly summary?: boolean | undefined;
}

/** A call of a model. */
export interface AskedFacts extends AskedFor {
  readonly model: Model;
  readonly request: ModelRequest;
}

/** A call of a tool. */
export interface CalledFacts {
  readonly tool: Tool;
  readonly call: string;
  readonly turn: number;
  readonly given: object;
}

/** How a handler ended; with a text, unless it waits. */
interface CalledEnd {
  readonly status: "committed" | "failed" | "unknown" | "suspended";
  readonly text?: string;
}

/** Attributes some of which may not be known. */
type Facts = Readonly<Record<string, SpanAttributes[string] | undefined>>;

/** How a span ends that did not throw. */
interface SpanEnd {
  readonly facts: Facts;
  readonly content?: (() => SpanContent) | undefined;
  /** The code of what went wrong, and what it says. */
  readonly failed?: readonly [code: string, message: string] | undefined;
}

/** The spans of one run. */
export class RunSpans {
  /** For the runs of subagents. */
  readonly telemetry: Telemetry;
  readonly #run: RunFacts;
  readonly #common: Facts;
  #own: Span | undefined;
  /** What the calls of models have used so far in this process. */
  #usage: Usage = {};
  /** The answers of turns among them. */
  #turns = 0;

  constructor(telemetry: Telemetry, run: RunFacts) {
    this.telemetry = telemetry;
    this.#run = run;
    this.#common = { "gen_ai.conversation.id": run.session, "wink.run.id": run.runId };
  }

  /** The whole run. */
  run(work: () => Promise<Ending>): Promise<Ending> {
    const { prompt, model, resumed, parent } = this.#run;
    const facts: Facts = {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": prompt,
      "gen_ai.provider.name": model.provider,
      "gen_ai.request.model": model.name,
      "wink.resumed": resumed || undefined,
      "wink.parent.run.id": parent?.run,
      "wink.parent.call.id": parent?.call,
    };
    this.#own = this.#start(`invoke_agent ${prompt}`, "internal", facts);
    return this.#within(this.#own, work, (ending) => ({
      facts: {
        "wink.status": ending.status,
        "wink.reason": ending.status === "partial" ? ending.reason : undefined,
        "wink.turns": this.#turns,
        ...usageFacts(this.#usage),
      },
      failed: ending.status === "failed" ? [ending.error.code, ending.error.message] : undefined,
    }));
  }

  /** One call of a model. */
  ask(
    { model, request, turn, attempt, summary }: AskedFacts,
    work: () => Promise<ModelResponse>,
  ): Promise<ModelResponse> {
    const facts: Facts = {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": model.provider,
      "gen_ai.request.model": model.name,
      "gen_ai.request.max_tokens": request.limits?.maxOutputTokens ?? model.maxOutputTokens,
      "gen_ai.output.type": request.output === undefined ? undefined : "json",
      "gen_ai.prompt.name": this.#run.prompt,
      "wink.turn": turn,
      "wink.attempt": attempt,
      "wink.summary": summary,
    };
    const span = this.#start(`chat ${model.name}`, "client", facts, () => requestContent(request));
    const ended = (answer: ModelResponse): SpanEnd => {
      const { id, usage, answeredBy } = answer;
      const finish = finishNames[answer.finish];
      this.#usage = addUsage(this.#usage, usage);
      if (summary === undefined) this.#turns++;
      return {
        facts: {
          "gen_ai.response.id": id,
          "gen_ai.response.model": answeredBy,
          "gen_ai.response.finish_reasons": [finish],
          ...usageFacts(usage),
        },
        content: () => answerContent(answer, finish),
      };
    };
    return this.#within(span, work, ended, { "gen_ai.response.finish_reasons": ["error"] });
  }

  /** One handler. */
  call<End extends CalledEnd>({ tool, call, turn, given }: CalledFacts, work: () => Promise<End>): Promise<End> {
    const facts: Facts = {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": tool.name,
      "gen_ai.tool.call.id": call,
      "gen_ai.tool.type": "function",
      "wink.turn": turn,
      "wink.tool.effects": tool.effects,
    };
    const span = this.#start(`execute_tool ${tool.name}`, "internal", facts, () => argumentsContent(given));
    return this.#within(span, work, ({ status, text = "" }) => ({
      facts: { "wink.tool.status": status },
      content: status === "suspended" ? undefined : () => resultContent(text),
      failed: status === "failed" || status === "unknown" ? ["TOOL_FAILED", text] : undefined,
    }));
  }

  /** Starts a span below that of the run. */
  #start(name: string, kind: "internal" | "client", facts: Facts, content?: () => SpanContent): Span | undefined {
    return quietly(() =>
      (this.#own ?? this.telemetry).start({
        name: short(name),
        kind,
        attributes: { ...clean({ ...facts, ...this.#common }), ...this.#content(content) },
      }),
    );
  }

  /** Does the work, once, with its span active, and ends the span. Throws what the work throws. */
  async #within<T>(
    span: Span | undefined,
    work: () => Promise<T>,
    ended: (value: T) => SpanEnd,
    thrownFacts: Facts = {},
  ): Promise<T> {
    let done: Promise<T> | undefined;
    const begin = (): Promise<T> => (done ??= work());
    quietly(() => span?.activate(() => void begin()));
    let end: SpanEnd | undefined;
    try {
      const value = await begin();
      end = quietly(() => ended(value));
      return value;
    } catch (thrown) {
      const { signal } = this.#run;
      const code = signal.aborted && thrown === signal.reason ? "aborted" : "RUN_FAILED";
      end = { facts: thrownFacts, failed: [WinkError.is(thrown) ? thrown.code : code, messageFrom(thrown)] };
      throw thrown;
    } finally {
      quietly(() => span?.set({ ...clean(end?.facts ?? {}), ...this.#content(end?.content) }));
      quietly(() => span?.end(this.#failure(end?.failed)));
    }
  }

  #failure(failed: SpanEnd["failed"]): Parameters<Span["end"]>[0] {
    if (failed === undefined) return undefined;
    const [type, message] = failed;
    return this.telemetry.content ? { type, message: messageFrom(message) } : { type };
  }

  #content(content: SpanEnd["content"]): SpanContent | undefined {
    return this.telemetry.content ? content?.() : undefined;
  }
}

/** The conventions' words for how an answer ended. */
const finishNames: Readonly<Record<Finish, string>> = {
  stop: "stop",
  "tool-calls": "tool_call",
  length: "length",
  refusal: "content_filter",
};

const usageFacts = (usage: Usage): Facts => ({
  "gen_ai.usage.input_tokens": usage.inputTokens,
  "gen_ai.usage.cache_read.input_tokens": usage.cachedInputTokens,
  "gen_ai.usage.cache_write.input_tokens": usage.cacheWriteTokens,
  "gen_ai.usage.output_tokens": usage.outputTokens,
  "gen_ai.usage.reasoning.output_tokens": usage.reasoningTokens,
});

/** Does something with a telemetry; what it throws changes nothing. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** The known attributes, their texts redacted and short: names and ids may come from a model. */
function clean(facts: Facts): SpanAttributes {
  const known: Record<string, SpanAttributes[string]> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined) known[name] = typeof value === "string" ? short(value) : value;
  }
  return known;
}
