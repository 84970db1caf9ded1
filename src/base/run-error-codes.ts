/** The part of the table of error codes that is about journals and runs. */
export const runErrorCodes = {
  RESTORE_FAILED: {
    when: "What a failed tool call changed could not be taken back, so the run ended.",
    fix: "Look at what the message names: what the call did still stands there, wholly or in part.",
    retryable: false,
  },
  JOURNAL_FENCED: {
    when: "A newer writer has opened the journal of this run.",
    fix: "Stop: the newer writer goes on with the run.",
    retryable: false,
  },
  JOURNAL_INVALID: {
    when: "A journal cannot be read.",
    fix: "Look at the entry that the message names; nothing was overwritten.",
    retryable: false,
  },
  JOURNAL_MISSING: {
    when: "There is no journal of that run.",
    fix: "Check the run's id and the journal's folder.",
    retryable: false,
  },
  JOURNAL_FAILED: {
    when: "The journal could not be written, so the run stopped before its next step.",
    fix: "Check the disk and the folder's permissions.",
    retryable: true,
  },
  RESUME_REFUSED: {
    when: "A run cannot be gone on with: it is of another prompt, or its definition has changed in what the run needs.",
    fix: "Resume it with the prompt that began it, or choose another `onChange`.",
    retryable: false,
  },
  WORKSPACE_MISSING: {
    when: "A run that is gone on with needs files, or other resources, that are not there as it left them.",
    fix: "Give the resources that the message names.",
    retryable: false,
  },
  CALL_SUSPENDED: {
    when: "A tool call waits for an answer; the run ends `suspended`.",
    fix: "Let the error pass: the handler runs again from its start when there is an answer.",
    retryable: false,
  },
  QUESTION_CLOSED: {
    when: "A question cannot be answered: it was answered already, has expired, or was never asked.",
    fix: "Look at the questions that are open: `openQuestions(journal, runId)`.",
    retryable: false,
  },
  REPLAY_DIVERGED: {
    when: "A replayed run did otherwise than its journal says.",
    fix: "Look at both sides in the message: what changed there is what the code changed.",
    retryable: false,
  },
  RUN_NOT_COMPLETED: {
    when: "`evaluate` was called and the run ended otherwise than completed.",
    fix: "Use `run()` and look at its outcome, which `details.status` names.",
    retryable: false,
  },
  RUN_FAILED: {
    when: "A run ended by an error that is not the library's own.",
    fix: "Look at the cause.",
    retryable: false,
  },
  TOOL_FAILED: {
    when: "The handler of a tool threw or timed out.",
    fix: "Look at the cause; return `fail(message)` for what is expected to fail.",
    retryable: false,
  },
};
