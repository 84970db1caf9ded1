/** A server of four protocols in a process of its own, so that its CPU is not counted with the client's. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** A running server; disposing ends its process. */
export interface TurnServer extends AsyncDisposable {
  /** For clients of OpenAI's form; one of Anthropic's adds `/v1` itself. */
  readonly baseURL: string;
  readonly origin: string;
}

/** Starts a server that asks for `turns` tool calls in a row and then answers. */
export async function startTurnServer(turns: number): Promise<TurnServer> {
  const child = fork(import.meta.filename, [String(turns)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [port] = await once(child, "message");
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    baseURL: `${origin}/v1`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

interface Body {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly input: readonly { readonly type?: string }[];
}

const answerText = '{"done":true}';
const argumentsOf = (done: number): { a: number; b: number } => ({ a: done, b: 1 });

function chatAnswer({ messages }: Body, turns: number): object {
  const done = messages.filter(({ role }) => role === "tool").length;
  const call = { name: "add", arguments: JSON.stringify(argumentsOf(done)) };
  const message =
    done < turns
      ? { role: "assistant", content: null, tool_calls: [{ id: `call-${done}`, type: "function", function: call }] }
      : { role: "assistant", content: answerText };
  const choice = { index: 0, message, finish_reason: done < turns ? "tool_calls" : "stop" };
  const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
  return { id: `answer-${done}`, object: "chat.completion", created: 1, model: "bench", choices: [choice], usage };
}

function responsesAnswer({ input }: Body, turns: number): object {
  const done = input.filter(({ type }) => type === "function_call_output").length;
  const given = JSON.stringify(argumentsOf(done));
  const content = [{ type: "output_text", text: answerText, annotations: [] }];
  const item =
    done < turns
      ? {
          type: "function_call",
          id: `fc-${done}`,
          call_id: `call-${done}`,
          name: "add",
          arguments: given,
          status: "completed",
        }
      : { type: "message", id: `msg-${done}`, role: "assistant", status: "completed", content };
  const usage = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };
  return {
    id: `resp-${done}`,
    object: "response",
    created_at: 1,
    model: "bench",
    status: "completed",
    output: [item],
    usage,
  };
}

function messagesAnswer({ messages }: Body, turns: number): object {
  const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const done = blocks.filter(({ type }: { type: string }) => type === "tool_result").length;
  const block =
    done < turns
      ? { type: "tool_use", id: `call-${done}`, name: "add", input: argumentsOf(done) }
      : { type: "text", text: answerText };
  const usage = { input_tokens: 100, output_tokens: 10 };
  const end = { stop_reason: done < turns ? "tool_use" : "end_turn", stop_sequence: null, usage };
  return { id: `msg-${done}`, type: "message", role: "assistant", model: "bench", content: [block], ...end };
}

function serve(turns: number): void {
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    const path = request.url ?? "";
    const answer = path.endsWith("/responses")
      ? responsesAnswer
      : path.endsWith("/messages")
        ? messagesAnswer
        : chatAnswer;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer(body, turns)));
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.(typeof address === "object" && address !== null ? address.port : 0);
  });
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) serve(Number(process.argv[2]));
