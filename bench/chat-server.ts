/** A server of the Chat Completions protocol in a process of its own, so that its CPU is not counted with the client's. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** A running server; disposing ends its process. */
export interface ChatServer extends AsyncDisposable {
  readonly baseURL: string;
}

/** Starts a server that asks for `turns` tool calls in a row and then answers. */
export async function startChatServer(turns: number): Promise<ChatServer> {
  const child = fork(import.meta.filename, [String(turns)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [port] = await once(child, "message");
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function serve(turns: number): void {
  const server = createServer(async (request, response) => {
    const { messages } = JSON.parse(await text(request));
    const done = messages.filter(({ role }: { role: string }) => role === "tool").length;
    const call = { id: `call-${done}`, type: "function", function: { name: "add", arguments: `{"a":${done},"b":1}` } };
    const message =
      done < turns
        ? { role: "assistant", content: null, tool_calls: [call] }
        : { role: "assistant", content: '{"done":true}' };
    const choice = { index: 0, message, finish_reason: done < turns ? "tool_calls" : "stop" };
    const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        id: `answer-${done}`,
        object: "chat.completion",
        created: 1,
        model: "bench",
        choices: [choice],
        usage,
      }),
    );
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.(typeof address === "object" && address !== null ? address.port : 0);
  });
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) serve(Number(process.argv[2]));
