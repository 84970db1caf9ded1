/** Floor of a run over OpenAI's Responses API: a hand-written loop on the official client, one tool, a JSON answer; nothing is kept at the server. */
export interface ResponsesClient {
  readonly responses: {
    create(body: object): Promise<{
      output: ({ type: string } & Partial<{
        call_id: string;
        arguments: string;
        content: { type: string; text?: string }[];
      }>)[];
    }>;
  };
}

export async function responsesLoop(
  client: ResponsesClient,
  model: string,
  tools: readonly object[],
  format: object,
  call: (args: unknown) => unknown,
): Promise<unknown> {
  const instructions = "Add numbers with the tool, then answer.";
  const input: object[] = [{ role: "user", content: "Begin." }];
  for (;;) {
    const { output } = await client.responses.create({
      model,
      instructions,
      input,
      tools,
      text: { format },
      store: false,
    });
    input.push(...output);
    const calls = output.filter(({ type }) => type === "function_call");
    if (calls.length === 0) return JSON.parse(output.at(-1)?.content?.[0]?.text ?? "null");
    for (const { call_id, arguments: given } of calls) {
      input.push({ type: "function_call_output", call_id, output: JSON.stringify(call(JSON.parse(given ?? "{}"))) });
    }
  }
}
