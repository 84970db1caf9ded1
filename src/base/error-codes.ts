import { runErrorCodes } from "./run-error-codes.ts";

/** What stands behind a code: when it is raised, what to do, and whether the same call may succeed later. */
export interface ErrorCodeFacts {
  readonly when: string;
  readonly fix: string;
  readonly retryable: boolean;
}

const ownCodes = {
  // base
  INVARIANT_BROKEN: {
    when: "A promise that the library makes does not hold.",
    fix: "This is a bug of the library, a driver or a codec: report it with the message.",
    retryable: false,
  },
  JSON_INVALID: {
    when: "A text that should be JSON is not, or is too large or too deep.",
    fix: "Correct the text at the position that the message names.",
    retryable: false,
  },
  SCHEMA_UNSUPPORTED: {
    when: "A schema cannot be used here: it is asynchronous, or it has no JSON Schema.",
    fix: "Use a synchronous Standard Schema with Standard JSON Schema, for example one of Zod 4.",
    retryable: false,
  },
  ENVIRONMENT_INVALID: {
    when: "The environment for a child process has a name or value that cannot be passed.",
    fix: "Pass names without '=' and texts without NUL, and the child's home as `home`.",
    retryable: false,
  },
  // limits
  DEADLINE_INVALID: {
    when: "A deadline is not a time in the future.",
    fix: "Give a positive number of milliseconds or a later time.",
    retryable: false,
  },
  DEADLINE_EXCEEDED: {
    when: "The time given to the work is over.",
    fix: "Give more time, or less work.",
    retryable: false,
  },
  BUDGET_INVALID: {
    when: "A budget limits nothing, or by what is no limit.",
    fix: "Give one limit at least, above 0.",
    retryable: false,
  },
  BUDGET_UNBOUNDED: {
    when: "A budget cannot be kept: nobody says how long an answer may be, or what the model costs.",
    fix: "Give `maxOutputTokens`, and `prices` or `facts` that know what the model costs for a budget of money.",
    retryable: false,
  },
  BUDGET_EXCEEDED: {
    when: "A model call could use more than the budget has left.",
    fix: "Give a larger budget, or less work.",
    retryable: false,
  },
  // session
  EVENT_INVALID: {
    when: "A payload does not fit the schema of its event, or holds what JSON cannot; or what was dispatched is no event.",
    fix: "Correct the field that the message names.",
    retryable: false,
  },
  SLICE_CONFLICT: {
    when: "Two different slice objects have one name.",
    fix: "Share one slice object, or rename one of them.",
    retryable: false,
  },
  REDUCER_FAILED: {
    when: "A reducer threw; the event was not applied.",
    fix: "Mend the reducer that the message names: it must be a pure function that returns an operation.",
    retryable: false,
  },
  KEY_TAKEN: {
    when: "An event would give a slice a second item of a key whose index is unique; the event was not applied.",
    fix: "Use another key, or let the reducer replace the item that is there: `upsertBy` with the same index.",
    retryable: false,
  },
  DISPATCH_IN_REDUCER: {
    when: "A reducer dispatched an event.",
    fix: "Return an operation, and dispatch from where the first event came from.",
    retryable: false,
  },
  SESSION_BUSY: {
    when: "A session that a run holds was given to another run.",
    fix: "Wait for the first run's outcome, or use a session of its own.",
    retryable: true,
  },
  DISPATCH_ENDLESS: {
    when: "Subscribers answered an event with events, and those with more, without an end.",
    fix: "Find the subscribers that answer each other, or one that answers itself.",
    retryable: false,
  },
  SLICE_MISSING: {
    when: "An event names a slice that is not installed.",
    fix: "Install the slice first, or correct its name.",
    retryable: false,
  },
  ITEM_INVALID: {
    when: "An item that a reducer made does not fit the schema of its slice, so that the session cannot be dumped.",
    fix: "Mend the reducer or the schema: the schema must take back each item that it gives out.",
    retryable: false,
  },
  SNAPSHOT_FOREIGN: {
    when: "A snapshot was given to a session or filesystem that it was not taken from, or the dump of a session to another agent or parent.",
    fix: "Restore it where it was taken.",
    retryable: false,
  },
  SNAPSHOT_FAILED: {
    when: "What is in a host folder could not be kept, so a command that changes it could not be undone.",
    fix: "Mend the cause that the message names, and try again.",
    retryable: true,
  },
  SNAPSHOT_INVALID: {
    when: "The dump of a session, or what is kept of a host folder, cannot be read: it is cut off, was changed since it was written, or is none.",
    fix: "Use a copy that is whole; a dump is not made to be edited.",
    retryable: false,
  },
  SNAPSHOT_NEWER: {
    when: "The dump of a session, a slice in it, or what is kept of a host folder is of a newer version than this code knows.",
    fix: "Update the package, or the code that defines the slice.",
    retryable: false,
  },
  MIGRATION_FAILED: {
    when: "An item of an older version could not be brought to the present version of its slice.",
    fix: "Give the slice a `migrate` that takes items of every earlier version.",
    retryable: false,
  },
  STORE_INVALID: {
    when: "The file of a slice store cannot be read, or is one of another slice.",
    fix: "Look at the line that the message names; nothing was overwritten. Mend or move the file away.",
    retryable: false,
  },
  STORE_NEWER: {
    when: "The file of a slice store, or its items, are of a newer version than this code knows.",
    fix: "Update the package, or the code that defines the slice.",
    retryable: false,
  },
  STORE_FAILED: {
    when: "The system refuses what a slice store does with its file: the disk is full, the file is gone, permissions are missing.",
    fix: "Mend the cause and try again: what was not written yet is still held by the open store.",
    retryable: true,
  },
  STORE_BUSY: {
    when: "Another process has held the lock of a slice store for 30 seconds.",
    fix: "Look whether a process hangs; when it ends, the system lets go of its lock.",
    retryable: true,
  },
  STORE_CONFLICT: {
    when: "What was applied to a slice store cannot follow what another process has written meanwhile; it was given up.",
    fix: "Look at the items as they are now, and apply what is still meant; a session that wrote them still shows them, so make it anew.",
    retryable: false,
  },
  STORE_CLOSED: {
    when: "A slice store was used after it was closed, or after a write of which nobody knows whether it reached the disk.",
    fix: "Open the store anew.",
    retryable: false,
  },
  // resources and files
  RESOURCE_MISSING: {
    when: "A tool borrows a resource that nobody gives.",
    fix: "Give it in the section, the template or `bind(params, { resources: [token.bind(value)] })`.",
    retryable: false,
  },
  RESOURCE_DUPLICATE: {
    when: "One list of resources binds a token twice.",
    fix: "Keep one of the two bindings.",
    retryable: false,
  },
  RESOURCE_FAILED: {
    when: "A resource could not be made.",
    fix: "Look at the cause; it is tried again when the resource is next needed.",
    retryable: true,
  },
  RESOURCE_CYCLE: {
    when: "Resources need each other, so that none can be made first.",
    fix: "Let one of them do without the other.",
    retryable: false,
  },
  RESOURCE_SCOPE: {
    when: "A resource that lives longer needs one that lives as long as a call.",
    fix: "Give both the scope of the shorter one.",
    retryable: false,
  },
  RESOURCE_CLOSED: {
    when: "A resource was asked for after its scope had ended.",
    fix: "Await all work before the run or the call ends.",
    retryable: false,
  },
  CONTEXT_CLOSED: {
    when: "A handler used its context after its call had settled.",
    fix: "Await all work before returning, and stop when `signal` aborts.",
    retryable: false,
  },
  PATH_INVALID: {
    when: "A path cannot be used in a workspace.",
    fix: "Use a relative path with `/`, of at most 16 segments of at most 80 characters.",
    retryable: false,
  },
  PATH_FORBIDDEN: {
    when: "A path leads to something of a host folder that must not be touched: a link, a device, what is left out.",
    fix: "Use regular files and directories of the folder; `exclude` and `hardLinks` say which.",
    retryable: false,
  },
  FILE_MISSING: {
    when: "A file or directory that must exist does not.",
    fix: "List the directory to see what is there.",
    retryable: false,
  },
  FILE_EXISTS: {
    when: "Something stands where a new file or directory should go.",
    fix: "Choose another path, or overwrite on purpose.",
    retryable: false,
  },
  FILE_IS_DIRECTORY: {
    when: "A file was expected and a directory was found.",
    fix: "Name a file, or list the directory.",
    retryable: false,
  },
  FILE_NOT_DIRECTORY: {
    when: "A directory was expected and a file was found.",
    fix: "Name a directory.",
    retryable: false,
  },
  FILE_NOT_TEXT: { when: "A file is not valid UTF-8 text.", fix: "Read it as bytes.", retryable: false },
  FILE_TOO_LARGE: {
    when: "Content is over a limit of the filesystem.",
    fix: "Read or write it piece by piece, where the files allow that.",
    retryable: false,
  },
  FILE_CHANGED: {
    when: "Files were changed by somebody else, or taken back, while something was done with them.",
    fix: "Look at what is there now; nothing of it was overwritten.",
    retryable: false,
  },
  FILE_FAILED: {
    when: "The system refuses what is done with a file: the disk is full, permissions are missing.",
    fix: "Mend the cause that the message names, and try again.",
    retryable: true,
  },
  FILES_BUSY: {
    when: "Another process has the kept state of these files open.",
    fix: "Let it end, or give each process a state of its own.",
    retryable: true,
  },
  FILES_READ_ONLY: {
    when: "A write reached files that may only be read.",
    fix: 'Declare the tool with effects "workspace", or mount the files writable.',
    retryable: false,
  },
  PATTERN_INVALID: {
    when: "A glob or regular expression cannot be used.",
    fix: "Correct it at the place that the message names; look-around and back-references are not supported.",
    retryable: false,
  },
  MOUNT_INVALID: {
    when: "A host folder cannot be mounted.",
    fix: "Name an existing folder that can be read.",
    retryable: false,
  },
  // tool and prompt
  TOOL_INVALID: {
    when: "The definition of a tool is wrong.",
    fix: "Correct the field that the message names.",
    retryable: false,
  },
  PROMPT_INVALID: {
    when: "The definition of a prompt or section is wrong.",
    fix: "Correct the section and field that the message names.",
    retryable: false,
  },
  PARAMS_INVALID: {
    when: "Params given to `bind` do not fit the sections.",
    fix: "Correct the param that the message names.",
    retryable: false,
  },
  RENDER_FAILED: {
    when: "A section could not be rendered.",
    fix: "Mend the section that the message names.",
    retryable: false,
  },
  OVERRIDES_INVALID: {
    when: "Stored overrides cannot be used: their file or an entry is malformed, of another version or for another prompt, or the file cannot be read or written.",
    fix: "Correct the file at the place that the message names, or take that entry out; the others stay as they are.",
    retryable: false,
  },
  OVERRIDES_BUSY: {
    when: "Another process held the lock of the overrides for too long.",
    fix: "Try again; find the process that writes overrides and does not end.",
    retryable: true,
  },
  OUTPUT_INVALID: {
    when: "The final answer of the model does not fit the output schema, also after one repair turn.",
    fix: "Look at the raw answer in `details.raw`; say in the prompt what is expected, or loosen the schema.",
    retryable: true,
  },
  // model
  MODEL_REJECTED: {
    when: "The provider refused the request.",
    fix: "Correct the key, the model's name or the request, as the provider's message says.",
    retryable: false,
  },
  MODEL_THROTTLED: {
    when: "The provider answered that requests come too fast or a quota is used up.",
    fix: "Wait as long as the provider says, or raise the quota.",
    retryable: true,
  },
  MODEL_UNAVAILABLE: {
    when: "The provider failed or could not be reached.",
    fix: "Check the address and the network, and try again later.",
    retryable: true,
  },
  MODEL_RESPONSE_INVALID: {
    when: "The provider's answer is not of its protocol's form.",
    fix: "Check that the base URL is that of a compatible server.",
    retryable: true,
  },
  MODEL_MISSING: {
    when: "The client package of a provider is not installed, or no model has the name.",
    fix: "Install the package or name the model as the message says.",
    retryable: false,
  },
  SCRIPT_MISMATCH: {
    when: "A scripted model was asked something else than its script expects, or too often, or too seldom.",
    fix: "Compare the request in `details` with the script.",
    retryable: false,
  },
  INPUT_INVALID: {
    when: "An argument or option is wrong.",
    fix: "Correct the argument that the message names.",
    retryable: false,
  },
};

/** The one table of error codes. A code, once published, keeps its meaning. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeFacts>> = { ...ownCodes, ...runErrorCodes };

/** One of the codes in the table {@link errorCodes}. */
export type ErrorCode = keyof typeof ownCodes | keyof typeof runErrorCodes;
