import { expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { checkRunId, closed, deleted, fenced, missing } from "./run-id.ts";

test("each error says what, where, what was expected and what to do", () => {
  const told = [
    thrownBy(() => checkRunId("a/b")),
    thrownBy(() => checkRunId("x".repeat(300))),
    fenced("run-1", 2, 3),
    missing("run-1", [], "memory"),
    missing("run-1", ["run-2"], "/journals"),
    missing("run-1", ["a", "b"], "Redis"),
    closed("/journals/run-1.jsonl"),
    deleted("/journals/run-1.jsonl"),
  ];
  expect(told.map(({ message }) => message)).toMatchInlineSnapshot(`
    [
      "runId: The id of a run is not well formed. Expected 1 to 128 letters, digits, ".", "_" and "-", not beginning with ".". Received "a/b". Correct the argument that the message names.",
      "runId: The id of a run is not well formed. Expected 1 to 128 letters, digits, ".", "_" and "-", not beginning with ".". Received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx". Correct the argument that the message names.",
      "run "run-1": A newer writer has opened the journal. Expected epoch 3. Received an append of epoch 2. Stop: the newer writer goes on with the run.",
      "memory: There is no journal of run "run-1". Expected a run that is there. Received no runs at all. Check the run's id and the journal's folder.",
      "/journals: There is no journal of run "run-1". Expected a run that is there. Received 1 other run. Did you mean "run-2"?",
      "Redis: There is no journal of run "run-1". Expected a run that is there. Received 2 other runs. Check the run's id and the journal's folder.",
      "/journals/run-1.jsonl: Nothing can be appended. Expected an open journal. Received a closed one. Open it anew.",
      "/journals/run-1.jsonl: Nothing can be appended. Expected the journal that was opened. Received nothing: it was deleted. Begin a new run; what was in the journal is gone.",
    ]
  `);
});
