import { addUsage } from "../../limits/index.ts";
import { type Message, type TextPart, textOf, type UserMessage } from "../../model/index.ts";
import { openSectionsName, readDroppedName } from "../../prompt/index.ts";
import { standingsOf } from "../begin-wrap-up.ts";
import { nameOf, shownName } from "../model-line.ts";
import type { Tally } from "../tally.ts";
import { specOf } from "../tool-spec.ts";
import { askForSummary } from "./ask-for-summary.ts";
import { callList, conversationText } from "./conversation-text.ts";
import { countAgain, type Fitting, joinReader, perReckoned, placeOfNewest } from "./fitting.ts";

/** Lets a summary stand for all but the newest turns, when it saves enough or there is no other way. */
export async function sumUp(fitting: Fitting, turn: number, tally: Tally): Promise<void> {
  const { frame, window, room, count } = fitting;
  const { transcript, journal, feed, clock } = frame;
  const messages = placeOfNewest(transcript.messages, window.keepTurns);
  if (messages <= Math.max(1, transcript.summarised)) return;
  const { sent, summary } = transcript;
  const part = sent.slice(summary === undefined ? 1 : 2, placeOfNewest(sent, window.keepTurns));
  const saved = window.counter.ofMessages(part) * perReckoned(fitting);
  if (saved < room.most / 10 && count.least <= room.most) return; // it would soon be the same again
  const before = summary === undefined ? "" : notesOf(summary);
  const whole = transcript.messages.slice(Math.max(1, transcript.summarised), messages); // with results that are left out
  const ofText = (text: string): number => window.counter.ofText(text);
  const written = mayAsk(fitting, turn, tally)
    ? await askForSummary(
        frame,
        conversationText(`${fitting.request.system}\n\n${firstText(sent)}`, before, whole, room.most / 2, ofText),
        { turn, messages },
      )
    : undefined;
  const { text = "", model, cost, counted, ...took } = written ?? {};
  const past = transcript.messages.slice(1, messages);
  const message = summaryMessage(text || before, callList(past, room.most / 8, ofText), openedIn(past));
  const step = { type: "context/summarised", turn, tokens: count.tokens, most: Math.floor(room.most) } as const;
  const joined = joinReader(frame);
  await journal.append({
    ...step,
    messages,
    message,
    ...(joined && { tools: [specOf(joined)] }),
    ...(model && { model: nameOf(model), ...took, cost, atMost: counted?.atMost }),
  });
  transcript.summarise({ messages, message });
  if (written !== undefined) tally.usage = addUsage(tally.usage, written.usage);
  const by = model && { model: shownName(model), ...took, cost: counted?.cost };
  feed.add({ ...step, at: clock.now(), text: textOf(message), ...by });
  countAgain(fitting);
}

const firstText = ([first]: readonly Message[]): string => (first === undefined ? "" : textOf(first));

/** Whether a call for notes leaves enough of every limit for the answer, and for the turn that a wrap-up needs before it. */
function mayAsk({ frame, window, request }: Fitting, turn: number, { longest }: Tally): boolean {
  if (!window.summaries || frame.wrapUp.stage === "last-answer") return false;
  return standingsOf(frame, request, turn, longest).every(({ left, call }) => left >= 3 * call);
}

const notesMark = "Your notes of them:\n\n";

/** The message of a summary: notes and calls, and the sections that were opened, as parts of their own. */
function summaryMessage(notes: string, calls: string, opened: readonly string[]): UserMessage {
  const texts = [
    `Earlier turns are left out here, to make room.${notes === "" ? "" : ` ${notesMark}${notes}`}`,
    `\n\nThe calls that you made in them; ${readDroppedName} gives their results again:\n\n${calls}`,
    ...opened.map((text) => `\n\nWhat you opened in them:\n\n${text}`),
  ];
  return { role: "user", content: texts.map((text): TextPart => ({ type: "text", text })) };
}

/** The notes in the message of a summary. */
function notesOf({ content: [first] }: UserMessage): string {
  const text = first?.type === "text" ? first.text : "";
  const place = text.indexOf(notesMark);
  return place === -1 ? "" : text.slice(place + notesMark.length);
}

/** Texts of sections that the model has opened: they are part of what it was told. */
const openedIn = (messages: readonly Message[]): readonly string[] =>
  messages.flatMap(({ role, content }) =>
    role === "tool"
      ? content.flatMap(({ name, failed, text }) => (name === openSectionsName && !failed ? [text] : []))
      : [],
  );
