/** Hello with state: tools change a session through events; what a failed call said is taken back. */
import {
  appendAll,
  createSession,
  definePrompt,
  event,
  fail,
  ok,
  type Payload,
  section,
  slice,
  tool,
  upsertBy,
} from "weakincentives";
import { modelAdapter } from "weakincentives/adapter";
import { memoryJournal } from "weakincentives/journal";
import { callTools, sayJson, scriptedModel } from "weakincentives/model/scripted";
import { z } from "zod";

// An event is a fact; its payload is parsed when it is made.
const GuestGreeted = event("party/guest-greeted", z.object({ guest: z.string(), words: z.string() }));
type GuestGreeted = Payload<typeof GuestGreeted>;

// A slice keeps items from events. Reducers are pure: they get a view and an event, and return an operation.
const greeted = slice<GuestGreeted>({
  name: "party/greeted",
  item: GuestGreeted.schema,
  reducers: (on) => [
    on(
      GuestGreeted,
      upsertBy(({ guest }) => guest),
    ),
  ],
});

// A log keeps also what was rolled back, marked as such.
const diary = slice({
  name: "party/diary",
  item: z.object({ guest: z.string(), words: z.string() }),
  policy: "log",
  reducers: (on) => [on(GuestGreeted, appendAll())],
});

const guests = ["Ada", "Grace", "Edsger"];

const greet = tool({
  name: "greet",
  description: "Greet one guest of the party.",
  effects: "none", // nothing outside the session: its events are committed or taken back in any case
  params: z.object({ guest: z.string(), words: z.string() }),
  handler({ guest, words }, { session }) {
    session.dispatch(GuestGreeted({ guest, words }));
    // The event above is on a private fork of the session: after a failure nobody ever sees it.
    if (!guests.includes(guest)) return fail(`${guest} is not invited. Invited are: ${guests.join(", ")}.`);
    return ok(`${guest} smiles.`);
  },
});

const party = definePrompt({
  ns: "examples",
  key: "hello-with-state",
  output: z.object({ greeted: z.int() }),
  sections: [
    section({
      key: "guests",
      title: "Guests",
      // Text made from state is written anew each time the prompt is rendered.
      body: {
        text: "guests/v1",
        write: ({ session }) =>
          guests
            .map(
              (guest) =>
                `- ${guest}${session.query(greeted).where((item) => item.guest === guest).length > 0 ? " (greeted)" : ""}`,
            )
            .join("\n"),
      },
      slices: [greeted, diary],
    }),
    section({ key: "task", title: "Task", body: "Greet every guest who was not greeted yet.", tools: [greet] }),
  ],
});

const session = createSession();
const journal = memoryJournal();

const first = scriptedModel([
  callTools([
    { name: "greet", arguments: { guest: "Ada", words: "Hello" } },
    { name: "greet", arguments: { guest: "Nobody", words: "Hello" } },
    { name: "greet", arguments: { guest: "Grace", words: "Good evening" } },
  ]),
  sayJson({ greeted: 2 }),
]);
const { runId } = await modelAdapter(first).evaluate(party.bind(), { session, journal });

console.log(
  "Greeted:",
  session
    .query(greeted)
    .all()
    .map(({ guest }) => guest)
    .join(", "),
);
console.log(
  "Diary, with what was rolled back:",
  session
    .query(diary)
    .all()
    .map(({ guest }) => guest)
    .join(", "),
);

// A later run of the same session sees what the first one left.
const second = scriptedModel([
  callTools([{ name: "greet", arguments: { guest: "Edsger", words: "Hi" } }], {
    expect: { messages: 1, last: { text: "- Ada (greeted)" } },
  }),
  sayJson({ greeted: 1 }),
]);
await modelAdapter(second).evaluate(party.bind(), { session, journal });
console.log(
  "Greeted:",
  session
    .query(greeted)
    .all()
    .map(({ guest }) => guest)
    .join(", "),
);

// The journal says what happened. Calls that may run side by side stand there in the order in which they ended.
const ended = (await journal.read(runId)).filter((entry) => entry.type === "tool/finished");
for (const { index, name, status } of ended.sort((a, b) => a.index - b.index)) {
  console.log(`call ${index + 1}, ${name}: ${status}`);
}
