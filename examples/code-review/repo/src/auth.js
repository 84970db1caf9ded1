const sessions = new Map();
const day = 24 * 60 * 60 * 1000;

/** Begins a session for a reader. */
export function newSession(reader) {
  if (typeof reader == "object") throw new Error("A reader must have a name.");
  const token = Math.random().toString(36).slice(2);
  sessions.set(token, { reader, until: Date.now() + day });
  return { token };
}

/** The session of a request; undefined when there is none, or when it is over. */
export function sessionOf(request) {
  const token = request.headers.authorization?.replace("Bearer ", "");
  const session = sessions.get(token);
  // a session that is over counts as none
  if (session == null || session.until < Date.now()) return undefined;
  return session;
}

/** Spreads the nightly cleaning over an hour, so that not all servers clean at once. */
export function cleaningDelay() {
  return Math.floor(Math.random() * 60 * 60 * 1000);
}
