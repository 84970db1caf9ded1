/** Subagents: an agent as a tool of another, with a run and a journal of its own. */
import {
  aName,
  anObject,
  anything,
  aText,
  checkOptions,
  from1,
  having,
  type JsonObject,
  messageFrom,
  type OptionKind,
  type Schema,
  sha256,
  WinkError,
} from "../base/index.ts";
import type { Journal } from "../journal/index.ts";
import { type Budget, BudgetLedger, checkBudget } from "../limits/index.ts";
import type { Prompt } from "../prompt/index.ts";
import {
  type OpenQuestion,
  type Outcome,
  passAnswer,
  type Run,
  type RunOptions,
  RunRecord,
  runBehind,
} from "../run/index.ts";
import {
  type Borrowed,
  type Borrows,
  fail,
  type KeyedToolContext,
  ok,
  type Tool,
  type ToolResult,
  tool,
} from "../tool/index.ts";
import type { Adapter } from "./adapter.ts";
import { resume } from "./resume.ts";

/** How an agent becomes a tool. */
export interface AgentToolOptions<In extends object, Params extends object, Resources extends Borrows> {
  /** What runs the subagent; the model may be another than that of its parent. */
  readonly adapter: Adapter;
  /** What the model calls it by; the prompt's key with `_` for `-` when the prompt is given bound, else needed. */
  readonly name?: string | undefined;
  /** What the model is told. */
  readonly description: string;
  /** What the model gives, for the function that binds the prompt; nothing unless told. */
  readonly params?: Schema<In, Params> | undefined;
  /** What the subagent shares with its parent, for the function that binds the prompt: what it changes is the change of the call. */
  readonly resources?: Resources | undefined;
  /** What the subagent may use at most; it is taken from the budget of its parent as well. */
  readonly budget?: Budget | undefined;
  /** Model calls of the subagent at most; 50 unless told. */
  readonly maxTurns?: number | undefined;
  /** Milliseconds that a call may take; 30 minutes unless told. The parent's deadline holds too. */
  readonly timeoutMs?: number | undefined;
}

const kinds: Readonly<Record<keyof AgentToolOptions<object, object, Borrows>, OptionKind>> = {
  adapter: having("run", "resume"),
  name: aName,
  description: aText,
  params: anything, // the rest is checked when the tool is made of it
  resources: anObject,
  budget: anObject,
  maxTurns: from1,
  timeoutMs: anything,
};

/**
 * Makes a tool that runs an agent. The subagent has its own session, and its run stands in the journal of its parent, which it
 * goes on with: a call that was cut off is resumed where the subagent was. What the subagent asks, its parent asks. The result is the
 * subagent's answer: JSON when it has an output schema, else its text. Throws `INPUT_INVALID` for wrong options, `TOOL_INVALID` for what
 * makes no tool, `BUDGET_INVALID`.
 *
 * @example
 * agentTool(({ topic }) => research.bind({ topic }), {
 *   adapter, name: "research", description: "Researches a topic.", params: z.object({ topic: z.string() }),
 * })
 */
export function agentTool<In extends object = {}, Params extends object = {}, Resources extends Borrows = {}>(
  prompt: Prompt | ((params: Params, shared: Borrowed<Resources>) => Prompt),
  options: AgentToolOptions<In, Params, Resources>,
): Tool<In, string> {
  checkOptions("agent tool", options, kinds);
  const { adapter, description, params, resources, budget, timeoutMs = 1_800_000 } = options;
  if (budget !== undefined) checkBudget(budget);
  const name = options.name ?? (typeof prompt === "function" ? "" : prompt.key.replaceAll("-", "_"));
  return tool({
    name,
    description,
    effects: "idempotent", // the same key is the same run, of which nothing is done twice
    timeoutMs,
    ...(params !== undefined && { params }),
    ...(resources !== undefined && { resources }),
    async handler(given: Params, context: KeyedToolContext & Borrowed<Resources>): Promise<ToolResult<string>> {
      const bound = typeof prompt === "function" ? prompt(given, context) : prompt;
      refuseShared(bound, context);
      const child = new Child(adapter, bound, context, options);
      return await child.result();
    },
  }) as Tool<In, string>; // as: the spread of the schema loses its type
}

/**
 * Throws `INPUT_INVALID` for files in memory that parent and subagent hold without the call knowing: what the subagent changed would be
 * lost when the parent goes on in another process.
 */
function refuseShared({ resources, name }: Prompt, context: KeyedToolContext): void {
  const { prompt } = runBehind(context).frame;
  for (const { token, value } of resources.values()) {
    const isShared = value !== undefined && value === prompt.resources.get(token.name)?.value;
    if (!isShared || token.transaction === undefined || token.transaction.durable?.staysInPlace(value)) continue;
    throw new WinkError("INPUT_INVALID", {
      at: `agent ${name}`,
      problem: `The resource "${token.name}" cannot be shared unsaid`,
      expected: `one of its own; or \`resources\` with it among the options of the tool, and a function (params, { … }) that binds it`,
      received: "that of its parent, which the tool does not borrow",
      example:
        "agentTool(({ topic }, { fs }) => research.bind({ topic }, { resources: [files.bind(fs)] }), { resources: { fs: files }, … })",
      details: { agent: name, resource: token.name },
    });
  }
}

/** The run of one call. */
class Child {
  readonly #adapter: Adapter;
  readonly #prompt: Prompt;
  readonly #context: KeyedToolContext;
  readonly #journal: Journal;
  readonly #id: string;
  readonly #options: RunOptions;

  constructor(
    adapter: Adapter,
    prompt: Prompt,
    context: KeyedToolContext,
    { budget, maxTurns }: Pick<AgentToolOptions<object, object, Borrows>, "budget" | "maxTurns">,
  ) {
    const { frame, call } = runBehind(context);
    const { ledger } = frame.spending;
    const telemetry = frame.spans?.telemetry;
    this.#adapter = adapter;
    this.#prompt = prompt;
    this.#context = context;
    this.#journal = frame.journals;
    this.#id = `${context.runId.slice(0, 100)}.${sha256(context.key).slice(0, 12)}`;
    this.#options = {
      deadline: frame.deadline,
      budget: budget === undefined ? ledger : new BudgetLedger(budget, ledger),
      ...(maxTurns !== undefined && { maxTurns }),
      signal: context.signal,
      clock: context.clock,
      logger: context.logger,
      ...(telemetry !== undefined && { telemetry }),
      parent: { run: context.runId, call },
    };
  }

  async result(): Promise<ToolResult<string>> {
    await this.#passOn();
    for (;;) {
      const outcome = await (await this.#run()).outcome;
      if (outcome.status !== "suspended") return resultOf(outcome, this.#prompt.name);
      for (const question of outcome.questions) await this.#ask(question);
    }
  }

  /** Begins the run, or goes on with it. */
  async #run(): Promise<Run<unknown>> {
    try {
      return await resume(this.#journal, this.#id, { adapter: this.#adapter, prompt: this.#prompt, ...this.#options });
    } catch (error) {
      if (!WinkError.is(error, "JOURNAL_MISSING")) throw error;
      return this.#adapter.run(this.#prompt, { ...this.#options, journal: this.#journal, runId: this.#id });
    }
  }

  /** Gives the subagent the answers that its parent has, at the time when they came: by now the questions may have expired. */
  async #passOn(): Promise<void> {
    const { questions, call } = runBehind(this.#context);
    const answers = new Map(questions.map(({ asked, answered }) => [asked.question, answered]));
    if (answers.size === 0) return;
    for (const { asked, refused } of new RunRecord(await this.#journal.read(this.#id)).openQuestions()) {
      const { question } = asked;
      const known = answers.get(`${call}/${nameOf(question, refused)}`);
      if (known === undefined) continue;
      const clock = { ...this.#context.clock, now: () => known.at };
      await passAnswer(this.#journal, this.#id, known.answer, { question, clock });
    }
  }

  /** Asks in the name of the parent what the subagent asks, and passes the answer on. */
  async #ask({ question, tool, ask, schema, expires, refused = 0, problem }: OpenQuestion): Promise<void> {
    const reply = await this.#context.suspend({
      id: nameOf(question, refused),
      question: { agent: this.#prompt.name, tool, question: ask, ...(problem !== undefined && { problem }) },
      answer: asGiven(schema),
      ...(expires !== undefined && { expiresInMs: expires - this.#context.clock.now() }),
    });
    if (!reply.expired)
      await passAnswer(this.#journal, this.#id, reply.value, { question, clock: this.#context.clock });
  }
}

/** How the parent names a question of the subagent: each time anew that its answer was refused. */
const nameOf = (question: string, refused: number): string => (refused === 0 ? question : `${question}.${refused}`);

/** A schema that takes any JSON: the form is checked by the run that asks. */
const asGiven = (schema: JsonObject): Schema<never> => ({
  "~standard": {
    version: 1,
    vendor: "weakincentives",
    validate: (value) => ({ value: value as never }), // as: JSON from outside, whose form is checked elsewhere
    jsonSchema: { input: () => schema, output: () => schema },
  },
});

/** What the model is told of how the subagent ended. */
function resultOf(outcome: Exclude<Outcome<unknown>, { status: "suspended" }>, name: string): ToolResult<string> {
  switch (outcome.status) {
    case "completed":
      return ok(outcome.output === undefined ? outcome.text : JSON.stringify(outcome.output));
    case "partial":
      return fail(
        `The agent ${name} came to a limit before it was done (${outcome.reason}: ${messageFrom(outcome.problem)}) Its last words: ${messageFrom(outcome.text, 2_000)}`,
      );
    case "refused":
      return fail(`The agent ${name} refused: ${messageFrom(outcome.text, 2_000)}`);
    case "aborted":
      throw new WinkError("TOOL_FAILED", {
        at: `agent ${name}`,
        problem: "The run was aborted",
        expected: "its answer",
        received: `the abort: ${outcome.reason}`,
        fix: "",
      });
    case "failed":
      throw outcome.error;
  }
}
