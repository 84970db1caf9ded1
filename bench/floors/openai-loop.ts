/** Floor of a run over HTTP: a hand-written loop on the official client, one tool, a JSON answer; no journal, no transaction, no events. */
export interface ChatClient {
  readonly chat: {
    readonly completions: {
      create(body: object): Promise<{
        choices: {
          message: {
            content: string | null;
            tool_calls?: { id: string; function: { name: string; arguments: string } }[];
          };
        }[];
      }>;
    };
  };
}

export async function floorLoop(
  client: ChatClient,
  model: string,
  tools: readonly object[],
  format: object,
  call: (args: unknown) => unknown,
): Promise<unknown> {
  const messages: object[] = [
    { role: "system", content: "Add numbers with the tool, then answer." },
    { role: "user", content: "Begin." },
  ];
  for (;;) {
    const response = await client.chat.completions.create({ model, messages, tools, response_format: format });
    const message = response.choices[0]?.message;
    if (message === undefined) throw new Error("no choice in the response");
    messages.push({ role: "assistant", ...message });
    if (!message.tool_calls?.length) return JSON.parse(message.content ?? "null");
    for (const { id, function: fn } of message.tool_calls) {
      messages.push({ role: "tool", tool_call_id: id, content: JSON.stringify(call(JSON.parse(fn.arguments))) });
    }
  }
}
