/** The scope of one call: what its handler gets, and the gate that closes all of it when the call has settled. */
import { inputJsonSchema, parse, problemsText, requirePlain, WinkError } from "../base/index.ts";
import { type Borrowed, type Gate, lend } from "../resources/index.ts";
import type { SessionFork } from "../session/index.ts";
import type { Answered, Ask, KeyedToolContext, Tool } from "../tool/index.ts";
import type { Frame } from "./frame.ts";
import { isExpired, type RecordedQuestion } from "./record/run-record.ts";
import { seededBy } from "./seeded.ts";
import type { Pending } from "./suspend-call.ts";

/** One call's private view of the run. */
export interface CallScope {
  /** The context for the handler, resources included. */
  readonly context: KeyedToolContext;
  readonly fork: SessionFork;
  /** What the call borrows. */
  readonly borrowed: Borrowed;
  /** Why the handler waits for an answer; undefined while it does not. */
  readonly pending: Pending | undefined;
  /** Closes the context: every later use throws `CONTEXT_CLOSED`. */
  seal(): void;
  /** Aborts when the call's time is over or the run ends. */
  readonly signal: AbortSignal;
}

/** The run and the call behind each context, for tools of this library that run agents. */
const runs = new WeakMap<object, RunBehind>();

/** The run behind a handler's context. */
export interface RunBehind {
  readonly frame: Frame;
  /** The id of the call. */
  readonly call: string;
  /** What the call has asked before. */
  readonly questions: readonly RecordedQuestion[];
}

/** The run behind a handler's context. Throws `CONTEXT_CLOSED` for what is none. */
export function runBehind(context: object): RunBehind {
  const known = runs.get(context);
  if (known !== undefined) return known;
  throw new WinkError("CONTEXT_CLOSED", {
    at: "context",
    problem: "This is not the context of a call",
    expected: "what the handler was given",
    received: "another object",
  });
}

/** What is known of a call. */
interface CallFacts {
  readonly id: string;
  readonly key: string;
  /** What it has asked before; undefined for `undo` and `reconcile`, which cannot ask. */
  readonly questions?: readonly RecordedQuestion[] | undefined;
}

/** Opens a scope for a call of `tool` with what it borrows; `seal` closes it and its timer. */
export function openScope(frame: Frame, tool: Tool, borrowed: Borrowed, call: CallFacts): CallScope {
  const { clock, logger, runId, session } = frame;
  const fork = session.fork();
  let sealed = false;
  const gate: Gate = {
    mayWrite: tool.effects !== "none",
    check() {
      if (sealed) throw closed(tool, call.id);
    },
  };
  const resources = lend(borrowed, gate);
  const controller = new AbortController();
  const expire = (): void => controller.abort(timedOut(tool));
  const cancelTimer = clock.schedule(tool.timeoutMs, expire);
  const follow = (): void => controller.abort(frame.signal.reason);
  if (frame.signal.aborted) follow();
  else frame.signal.addEventListener("abort", follow, { once: true });
  let asked = 0;
  let pending: Pending | undefined;
  const wait = (why: Pending): never => {
    pending ??= why;
    const waiting = suspended(tool, call.id);
    controller.abort(waiting); // ends the wait for the handler, also when it goes on in spite of the error
    throw waiting;
  };
  const answerTo = async <Answer>(ask: Ask<Answer>): Promise<Answered<Answer>> => {
    gate.check();
    if (call.questions === undefined) throw cannotAsk(tool);
    asked += 1;
    const id = ask.id ?? String(asked);
    const known = call.questions.find((question) => question.asked.question === `${call.id}/${id}`);
    if (known === undefined) return wait(newQuestion(id, ask, clock.now()));
    if (known.answered === undefined) {
      return isExpired(known.asked, clock.now()) ? { expired: true } : wait({ how: "waiting", known });
    }
    const parsed = parse(ask.answer, known.answered.answer);
    if (parsed.ok) return { expired: false, value: parsed.value };
    return wait({ how: "refused", known, problem: problemsText(parsed.problems) });
  };
  const made: KeyedToolContext = {
    ...resources,
    session: {
      dispatch(event) {
        gate.check();
        fork.dispatch(event);
      },
      query(slice) {
        gate.check();
        return fork.query(slice);
      },
    },
    signal: controller.signal,
    clock,
    ...seededBy(call.key),
    logger,
    runId,
    callId: call.id,
    key: call.key,
    suspend(ask) {
      const reply = answerTo(ask);
      reply.catch(() => undefined); // a handler that does not wait for it must not end the process
      return reply;
    },
  };
  runs.set(made, { frame, call: call.id, questions: call.questions ?? [] });
  return {
    context: made,
    fork,
    borrowed,
    get pending() {
      return pending;
    },
    signal: controller.signal,
    seal() {
      sealed = true;
      cancelTimer();
      frame.signal.removeEventListener("abort", follow);
    },
  };
}

/** Throws `INPUT_INVALID` for a question that a journal cannot hold. */
function newQuestion(id: string, { question, answer, expiresInMs }: Ask<unknown>, now: number): Pending {
  requirePlain(question, "question");
  if (expiresInMs !== undefined && !Number.isFinite(expiresInMs)) {
    throw new WinkError("INPUT_INVALID", {
      at: "expiresInMs",
      problem: "It is wrong",
      expected: "a number of milliseconds; nothing for never",
      received: String(expiresInMs),
    });
  }
  const expires = expiresInMs === undefined ? null : now + expiresInMs;
  return { how: "new", id, ask: question, schema: inputJsonSchema(answer), expires };
}

const cannotAsk = ({ name }: Tool): WinkError =>
  new WinkError("INPUT_INVALID", {
    at: `tool "${name}"`,
    problem: "`undo` and `reconcile` cannot ask: nobody may be there for days, and something outside waits for them",
    expected: "a question in the handler",
    received: "one in another function",
  });

/** Thrown in a handler that waits for an answer: it ends here, and runs again from its start when there is one. */
function suspended({ name }: Tool, callId: string): WinkError {
  return new WinkError("CALL_SUSPENDED", {
    at: `tool "${name}"`,
    problem: `The call "${callId}" waits`,
    expected: "an answer",
    received: "none yet",
    details: { tool: name, call: callId },
  });
}

/** The error of a call that takes longer than its tool allows. */
export function timedOut({ name, timeoutMs }: Tool): WinkError {
  return new WinkError("TOOL_FAILED", {
    at: `tool "${name}"`,
    problem: "The call took too long",
    expected: `its end within ${timeoutMs} ms`,
    received: "none",
    fix: "",
    details: { tool: name, timeoutMs },
  });
}

function closed({ name }: Tool, callId: string): WinkError {
  return new WinkError("CONTEXT_CLOSED", {
    at: `tool "${name}"`,
    problem: `The context of call "${callId}" was used after the call had settled`,
    details: { tool: name, call: callId },
  });
}
