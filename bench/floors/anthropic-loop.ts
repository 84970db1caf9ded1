/** Floor of a run over Anthropic's Messages API: a hand-written loop on the official client, one tool, a JSON answer. */
export interface MessagesClient {
  readonly messages: {
    create(body: object): Promise<{
      content: ({ type: string } & Partial<{ id: string; input: unknown; text: string }>)[];
    }>;
  };
}

export async function anthropicLoop(
  client: MessagesClient,
  model: string,
  tools: readonly object[],
  format: object,
  call: (args: unknown) => unknown,
): Promise<unknown> {
  const system = "Add numbers with the tool, then answer.";
  const messages: object[] = [{ role: "user", content: "Begin." }];
  for (;;) {
    const body = { model, max_tokens: 4_096, system, messages, tools, output_config: { format } };
    const { content } = await client.messages.create(body);
    messages.push({ role: "assistant", content });
    const calls = content.filter(({ type }) => type === "tool_use");
    if (calls.length === 0) return JSON.parse(content.at(-1)?.text ?? "null");
    const results = calls.map(({ id, input }) => ({
      type: "tool_result",
      tool_use_id: id,
      content: JSON.stringify(call(input)),
    }));
    messages.push({ role: "user", content: results });
  }
}
