import { type Clock, definePrompt, type Filesystem, files, ok, section, type Token, token, tool } from "weakincentives";
import { check, some, typeOf } from "../check.ts";

interface Mailer {
  send(to: string): Promise<void>;
}

const about = { name: "t", description: "A tool." } as const;
const mailer = token<Mailer>("mailer");
const clockToken = token<Clock>("clock");

check("a handler gets what its tool borrows, by the names it chose", () => {
  tool({
    ...about,
    effects: "none",
    resources: { fs: files, post: mailer },
    handler: async (_, { fs, post, signal }) => {
      typeOf(fs).is<Filesystem>();
      typeOf(post).is<Mailer>();
      typeOf(signal).is<AbortSignal>();
      return ok("x");
    },
  });
});

check("undo and reconcile get it as well", () => {
  tool({
    ...about,
    effects: "compensable",
    resources: { post: mailer },
    handler: () => ok("x"),
    undo: async (_params, _value, { post, key }) => {
      typeOf(post).is<Mailer>();
      await post.send(key);
    },
  });
  tool({
    ...about,
    effects: "external",
    resources: { post: mailer },
    handler: () => ok("x"),
    reconcile: async (_params, { post, key }) => {
      typeOf(post).is<Mailer>();
      await post.send(key);
      return undefined;
    },
  });
});

check("a handler cannot use what its tool does not borrow", () => {
  // error: Property 'post' does not exist on type 'ToolContext & Borrowed<{}>'.
  tool({ ...about, effects: "none", handler: (_, { post }) => ok(post) });
  // error: Property 'pots' does not exist on type 'ToolContext & Borrowed<{ post: Token<Mailer>; }>'.
  tool({ ...about, effects: "none", resources: { post: mailer }, handler: (_, { pots }) => ok(pots) });
});

check("only a token can be borrowed", () => {
  // error: Type 'Mailer' is missing the following properties from type 'Token<any>': name, bind
  tool({ ...about, effects: "none", resources: { post: some<Mailer>() }, handler: () => ok("x") });
});

check("a binding gives what its token names", () => {
  files.bind(some<Filesystem>());
  mailer.bind({ send: async () => {} });
  // error: Property 'send' is missing in type '{}' but required in type 'Mailer'.
  mailer.bind({});
  // error: Property 'send' is missing in type 'Clock' but required in type 'Mailer'.
  mailer.bind(some<Clock>());
});

check("a token of one kind is not one of another", () => {
  typeOf(mailer).is<Token<Mailer>>();
  // error: Type 'Token<Clock>' is not assignable to type 'Token<Mailer>'. … Type 'Mailer' is missing the following properties from type 'Clock'
  const other: Token<Mailer> = clockToken;
  return other;
});

check("bindings stand in a section, a template or bind", () => {
  const binding = mailer.bind({ send: async () => {} });
  const made = section({ key: "a", title: "A", body: "A", resources: [binding] });
  definePrompt({ ns: "types", key: "r", sections: [made], resources: [binding] }).bind({}, { resources: [binding] });
});

check("a token is not a binding", () => {
  // error: Property 'token' is missing in type 'Token<Mailer>' but required in type 'Binding'.
  section({ key: "a", title: "A", body: "A", resources: [mailer] });
});
