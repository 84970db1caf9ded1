/**
 * What a run does with the steps that its record does not hold, and with those that it does.
 * - `live`: does them; takes from the record what is there.
 * - `recall`: does nothing, and takes all from the record: for runs that have ended, or wait.
 * - `replay`: does nothing, renders the prompt again, and compares.
 * - `repeat`: the same, but runs the handlers of calls again, to compare what they come to.
 */
export type Mode = "live" | "recall" | "replay" | "repeat";

/** Whether what is done is compared with the record. */
export const compares = (mode: Mode): boolean => mode === "replay" || mode === "repeat";

/** Whether handlers run. */
export const runsHandlers = (mode: Mode): boolean => mode === "live" || mode === "repeat";
